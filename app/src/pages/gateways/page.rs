//! The list with its dialogs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    address::{Task, list_with, task_of},
    list::GatewayList,
    task::TaskDialogs,
};
use crate::{
    alive::come_alive,
    components::{for_admins::ForAdmins, problem::ProblemView},
    fns::gateways::{CreateGateway, GATEWAYS, RemoveGateway, UpdateGateway, list_gateways},
    query::use_query,
    state::{me::use_me, toasts::use_toasts},
    ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines},
    wire::read,
};

/// What the dialogs do. Whenever one of them is done, what the page shows is asked for again.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub create: ServerAction<CreateGateway>,
    pub update: ServerAction<UpdateGateway>,
    pub remove: ServerAction<RemoveGateway>,
}

impl Actions {
    /// Says in toasts what was done.
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

    /// Changes with each finished action.
    pub fn version(self) -> usize {
        self.create.version().get() + self.update.version().get() + self.remove.version().get()
    }

    /// Forgets what earlier actions answered, so that a dialog opens without an old refusal.
    pub fn forget(self) {
        self.create.value().set(None);
        self.update.value().set(None);
        self.remove.value().set(None);
    }
}

/// Every gateway of the organization, for admins.
#[component]
pub fn GatewaysPage() -> impl IntoView {
    come_alive();
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
    let back = Signal::stored(GATEWAYS.to_owned());
    let sentence = "Proxies that ask Keystead about the key of each request, so that your own API needs no code for keys.";
    view! {
        <Title text="Gateways"/>
        <PageHeader title="Gateways" sentence=Some(sentence.to_owned())>
            <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href=list_with(&Task::Create)>"Create gateway"</ButtonLink>
        </PageHeader>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || gateways.get().map(|found| match found {
                Ok(rows) => view! { <GatewayList rows/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| gateways.refetch()/> }.into_any(),
            })}
        </Transition>
        <TaskDialogs task back actions/>
    }
}

/// What somebody finds here who is no admin.
#[component]
pub(super) fn GatewaysForAdmins() -> impl IntoView {
    view! {
        <ForAdmins
            room="Gateways"
            title="Only admins see gateways"
            sentence="They let proxies ask about keys. Ask an admin of the organization if an API needs one."
        />
    }
}
