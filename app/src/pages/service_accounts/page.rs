//! The page that lists the service accounts, with its filters and dialogs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    actions::Actions,
    dialogs::ServiceAccountDialogs,
    filters::Filters,
    list::ServiceAccountList,
    path::{OpenDialog, ServiceAccountsPath},
};
use crate::{
    components::{for_admins::ForAdmins, problem::ProblemView},
    fns::service_accounts::list_service_accounts,
    hydration::mark_hydrated,
    query::use_query,
    resource::read,
    state::me::use_me,
    ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines},
};

/// The list of the organization's service accounts. Only admins may see it.
#[component]
pub fn ServiceAccountsPage() -> impl IntoView {
    mark_hydrated();
    if use_me().is_admin() {
        view! { <ServiceAccounts/> }.into_any()
    } else {
        view! { <ServiceAccountsForAdmins/> }.into_any()
    }
}

#[component]
fn ServiceAccounts() -> impl IntoView {
    let query = use_query();
    let path = Memo::new(move |_| query.with(ServiceAccountsPath::of));
    let shown = Memo::new(move |_| path.with(ServiceAccountsPath::list));
    let actions = Actions::new();
    let service_accounts = read(
        move || (shown.get(), actions.version()),
        |(shown, _)| async move { list_service_accounts(shown.filter(), shown.page.max(1)).await },
    );
    let create = move || path.with(|path| path.with(OpenDialog::Create).to_path());
    let task = Memo::new(move |_| path.with(|path| path.task.clone()));
    let back = Signal::derive(move || path.with(|path| path.list().to_path()));
    let sentence = "Service accounts own the keys of programs, so that these keys do not depend on a person.";
    view! {
        <Title text="Service accounts"/>
        <PageHeader title="Service accounts" sentence=Some(sentence.to_owned())>
            <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href=Signal::derive(create)>
                "Create service account"
            </ButtonLink>
        </PageHeader>
        <Filters path/>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || service_accounts.get().map(|found| match found {
                Ok(page) => view! { <ServiceAccountList page shown=shown.get_untracked()/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| service_accounts.refetch()/> }.into_any(),
            })}
        </Transition>
        <ServiceAccountDialogs task back actions/>
    }
}

/// Shown to users who are not admins.
#[component]
pub(super) fn ServiceAccountsForAdmins() -> impl IntoView {
    view! {
        <ForAdmins
            page="Service accounts"
            title="Only admins see service accounts"
            sentence="Service accounts own the keys of programs. If a program needs a key, ask an admin of the organization."
        />
    }
}
