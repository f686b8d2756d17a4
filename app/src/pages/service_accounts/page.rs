//! The list with its filters and dialogs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    address::{Address, Task},
    filters::Filters,
    list::AccountList,
    task::TaskDialogs,
};
use crate::{
    alive::come_alive,
    components::{for_admins::ForAdmins, problem::ProblemView},
    fns::service_accounts::{
        CreateServiceAccount, DisableServiceAccount, UpdateServiceAccount, list_service_accounts,
    },
    query::use_query,
    state::{me::use_me, toasts::use_toasts},
    ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines},
    wire::read,
};

/// What the dialogs do. Whenever one of them is done, what the page shows is asked for again.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub create: ServerAction<CreateServiceAccount>,
    pub update: ServerAction<UpdateServiceAccount>,
    pub disable: ServerAction<DisableServiceAccount>,
}

impl Actions {
    /// Says in toasts what was done.
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

    /// Changes with each finished action.
    pub fn version(self) -> usize {
        self.create.version().get() + self.update.version().get() + self.disable.version().get()
    }

    /// Forgets what earlier actions answered, so that a dialog opens without an old refusal.
    pub fn forget(self) {
        self.create.value().set(None);
        self.update.value().set(None);
        self.disable.value().set(None);
    }
}

/// Every service account of the organization, for admins.
#[component]
pub fn AccountsPage() -> impl IntoView {
    come_alive();
    if use_me().is_admin() {
        view! { <Accounts/> }.into_any()
    } else {
        view! { <AccountsForAdmins/> }.into_any()
    }
}

#[component]
fn Accounts() -> impl IntoView {
    let query = use_query();
    let address = Memo::new(move |_| query.with(Address::of));
    let shown = Memo::new(move |_| address.with(Address::list));
    let actions = Actions::new();
    let accounts = read(
        move || (shown.get(), actions.version()),
        |(shown, _)| async move { list_service_accounts(shown.filter(), shown.page.max(1)).await },
    );
    let create = move || address.with(|address| address.with(Task::Create).to_url());
    let task = Memo::new(move |_| address.with(|address| address.task.clone()));
    let back = Signal::derive(move || address.with(|address| address.list().to_url()));
    let sentence = "Programs that own keys of their own: no person leaves and takes them along.";
    view! {
        <Title text="Service accounts"/>
        <PageHeader title="Service accounts" sentence=Some(sentence.to_owned())>
            <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href=Signal::derive(create)>
                "Create service account"
            </ButtonLink>
        </PageHeader>
        <Filters address/>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || accounts.get().map(|found| match found {
                Ok(page) => view! { <AccountList page shown=shown.get_untracked()/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| accounts.refetch()/> }.into_any(),
            })}
        </Transition>
        <TaskDialogs task back actions/>
    }
}

/// What somebody finds here who is no admin.
#[component]
pub(super) fn AccountsForAdmins() -> impl IntoView {
    view! {
        <ForAdmins
            room="Service accounts"
            title="Only admins see service accounts"
            sentence="They own keys that belong to no person. Ask an admin of the organization if a program needs a key."
        />
    }
}
