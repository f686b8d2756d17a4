//! The page that lists the gateways, and the actions of its dialogs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    dialogs::GatewayDialogs,
    list::GatewayList,
    path::{OpenDialog, list_with, task_of},
};
use crate::{
    components::{for_admins::ForAdmins, problem::ProblemView},
    fns::gateways::{CreateGateway, RemoveGateway, UpdateGateway, list_gateways},
    hydration::mark_hydrated,
    paths,
    query::use_query,
    resource::read,
    state::{me::use_me, toasts::use_toasts},
    ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines},
};

/// The actions of the dialogs. The pages load their data again after each of them.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub create: ServerAction<CreateGateway>,
    pub update: ServerAction<UpdateGateway>,
    pub remove: ServerAction<RemoveGateway>,
}

impl Actions {
    /// Creates the actions, and shows a toast after each change and removal.
    pub fn new() -> Self {
        let actions =
            Self { create: ServerAction::new(), update: ServerAction::new(), remove: ServerAction::new() };
        let toasts = use_toasts();
        Effect::new(move || {
            if let Some(Ok(gateway)) = actions.update.value().get() {
                toasts.success(format!(
                    "“{}” is changed. The very next request is judged by it.",
                    gateway.name
                ));
            }
        });
        Effect::new(move || {
            if let Some(Ok(gateway)) = actions.remove.value().get() {
                toasts.success(format!("“{}” is removed. Nobody passes through it any more.", gateway.name));
            }
        });
        actions
    }

    /// A number that changes whenever an action finishes.
    pub fn version(self) -> usize {
        self.create.version().get() + self.update.version().get() + self.remove.version().get()
    }

    /// Clears the results of earlier actions, so that a dialog does not open with an old error.
    pub fn forget(self) {
        self.create.value().set(None);
        self.update.value().set(None);
        self.remove.value().set(None);
    }
}

/// The list of all gateways. Only admins may see it.
#[component]
pub fn GatewaysPage() -> impl IntoView {
    mark_hydrated();
    if use_me().is_admin() {
        view! { <Gateways/> }.into_any()
    } else {
        view! { <GatewaysForAdmins/> }.into_any()
    }
}

#[component]
fn Gateways() -> impl IntoView {
    let query = use_query();
    let task = Memo::new(move |_| query.with(task_of));
    let actions = Actions::new();
    let gateways = read(move || actions.version(), |_| list_gateways());
    let back = Signal::stored(paths::GATEWAYS.to_owned());
    let sentence = "Proxies that ask Keystead about the key of each request, so that your own API needs no code for keys.";
    view! {
        <Title text="Gateways"/>
        <PageHeader title="Gateways" sentence=Some(sentence.to_owned())>
            <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href=list_with(&OpenDialog::Create)>"Create gateway"</ButtonLink>
        </PageHeader>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || gateways.get().map(|found| match found {
                Ok(rows) => view! { <GatewayList rows/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| gateways.refetch()/> }.into_any(),
            })}
        </Transition>
        <GatewayDialogs task back actions/>
    }
}

/// Shown to users who are not admins.
#[component]
pub(super) fn GatewaysForAdmins() -> impl IntoView {
    view! {
        <ForAdmins
            page="Gateways"
            title="Only admins see gateways"
            sentence="They let proxies ask about keys. Ask an admin of the organization if an API needs one."
        />
    }
}
