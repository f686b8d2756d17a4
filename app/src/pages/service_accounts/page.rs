//! The page that lists the service accounts, with its filters and dialogs.

use leptos::prelude::*;

use super::actions::service_account_actions;
use super::dialogs::ServiceAccountDialogs;
use super::filters::ServiceAccountFilters;
use super::list::ServiceAccountList;
use super::path::ServiceAccountsPath;
use crate::components::for_admins::ForAdmins;
use crate::components::list_page::ListPage;
use crate::fns::service_accounts::list_service_accounts;
use crate::hydration::mark_hydrated;

/// The list of the organization's service accounts. Only admins may see it.
#[component]
pub fn ServiceAccountsPage() -> impl IntoView {
    mark_hydrated();
    view! { <ServiceAccountsForAdmins><ServiceAccounts/></ServiceAccountsForAdmins> }
}

#[component]
fn ServiceAccounts() -> impl IntoView {
    let path = ServiceAccountsPath::current();
    let actions = service_account_actions();
    let task = Memo::new(move |_| path.with(|path| path.task.clone()));
    let back = Signal::derive(move || path.with(|path| path.list().to_path()));
    view! {
        <ListPage
            path
            title="Service accounts"
            sentence="Service accounts own the keys of programs, so that these keys do not depend on a person."
            new=Some("Create service account")
            version=Signal::derive(move || actions.version())
            load=|shown: ServiceAccountsPath| list_service_accounts(shown.filter.filter(), shown.page.max(1))
            filters=move || view! { <ServiceAccountFilters path/> }
            list=move |page, shown| view! { <ServiceAccountList page shown/> }.into_any()
        />
        <ServiceAccountDialogs task back actions/>
    }
}

/// Shows a page to admins. Tells others who may see it.
#[component]
pub(super) fn ServiceAccountsForAdmins(children: Children) -> impl IntoView {
    view! {
        <ForAdmins
            title="Service accounts"
            what="Only admins see service accounts"
            sentence="Service accounts own the keys of programs. If a program needs a key, ask an admin of the organization."
        >
            {children()}
        </ForAdmins>
    }
}
