//! The page that lists the service accounts, with its filters and dialogs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    dialogs::ServiceAccountDialogs,
    filters::Filters,
    list::AccountList,
    path::{OpenDialog, ServiceAccountsPath},
};
use crate::{
    components::{for_admins::ForAdmins, problem::ProblemView},
    fns::service_accounts::{
        CreateServiceAccount, DisableServiceAccount, UpdateServiceAccount, list_service_accounts,
    },
    hydration::mark_hydrated,
    query::use_query,
    resource::read,
    state::{me::use_me, toasts::use_toasts},
    ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines},
};

/// The actions of the dialogs. The pages load their data again after each of them.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub create: ServerAction<CreateServiceAccount>,
    pub update: ServerAction<UpdateServiceAccount>,
    pub disable: ServerAction<DisableServiceAccount>,
}

impl Actions {
    /// Creates the actions, and shows a toast after an account was changed or disabled.
    pub fn new() -> Self {
        let actions =
            Self { create: ServerAction::new(), update: ServerAction::new(), disable: ServerAction::new() };
        let toasts = use_toasts();
        Effect::new(move || {
            if let Some(Ok(account)) = actions.update.value().get() {
                toasts.success(format!("“{}” is changed.", account.name));
            }
        });
        Effect::new(move || {
            if let Some(Ok(account)) = actions.disable.value().get() {
                toasts.success(format!("“{}” is disabled. Its keys stopped working at once.", account.name));
            }
        });
        actions
    }

    /// A number that changes whenever an action finishes.
    pub fn version(self) -> usize {
        self.create.version().get() + self.update.version().get() + self.disable.version().get()
    }

    /// Clears the results of earlier actions, so that a dialog does not open with an old error.
    pub fn forget(self) {
        self.create.value().set(None);
        self.update.value().set(None);
        self.disable.value().set(None);
    }
}

/// The list of the organization's service accounts. Only admins may see it.
#[component]
pub fn ServiceAccountsPage() -> impl IntoView {
    mark_hydrated();
    if use_me().is_admin() {
        view! { <Accounts/> }.into_any()
    } else {
        view! { <AccountsForAdmins/> }.into_any()
    }
}

#[component]
fn Accounts() -> impl IntoView {
    let query = use_query();
    let path = Memo::new(move |_| query.with(ServiceAccountsPath::of));
    let shown = Memo::new(move |_| path.with(ServiceAccountsPath::list));
    let actions = Actions::new();
    let accounts = read(
        move || (shown.get(), actions.version()),
        |(shown, _)| async move { list_service_accounts(shown.filter(), shown.page.max(1)).await },
    );
    let create = move || path.with(|path| path.with(OpenDialog::Create).to_path());
    let task = Memo::new(move |_| path.with(|path| path.task.clone()));
    let back = Signal::derive(move || path.with(|path| path.list().to_path()));
    let sentence = "Programs that own keys of their own: no person leaves and takes them along.";
    view! {
        <Title text="Service accounts"/>
        <PageHeader title="Service accounts" sentence=Some(sentence.to_owned())>
            <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href=Signal::derive(create)>
                "Create service account"
            </ButtonLink>
        </PageHeader>
        <Filters path/>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || accounts.get().map(|found| match found {
                Ok(page) => view! { <AccountList page shown=shown.get_untracked()/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| accounts.refetch()/> }.into_any(),
            })}
        </Transition>
        <ServiceAccountDialogs task back actions/>
    }
}

/// Shown to users who are not admins.
#[component]
pub(super) fn AccountsForAdmins() -> impl IntoView {
    view! {
        <ForAdmins
            page="Service accounts"
            title="Only admins see service accounts"
            sentence="They own keys that belong to no person. Ask an admin of the organization if a program needs a key."
        />
    }
}
