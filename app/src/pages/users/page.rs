//! The page that lists the members, with its filters and dialogs.

use leptos::prelude::*;

use super::actions::{activate_action, allow_action, user_actions};
use super::dialogs::UserDialogs;
use super::filters::UserFilters;
use super::list::UserList;
use super::path::UsersPath;
use crate::components::list_page::ListPage;
use crate::fns::users::list_users;
use crate::hydration::mark_hydrated;
use crate::state::me::use_me;

/// The members of the organization. Admins can add, change and remove them.
#[component]
pub fn UsersPage() -> impl IntoView {
    mark_hydrated();
    let path = UsersPath::current();
    let (actions, activate, allow) = (user_actions(), activate_action(path), allow_action());
    let is_admin = use_me().is_admin();
    view! {
        <ListPage
            path
            title="Members"
            sentence="The people in your organization, and what they may do."
            new=is_admin.then_some("Add member")
            version=Signal::derive(move || actions.version() + activate.version().get())
            load=|shown: UsersPath| list_users(shown.filter, shown.page.max(1))
            filters=move || view! { <UserFilters path/> }
            list=move |page, shown| view! { <UserList page shown is_admin activate allow/> }.into_any()
        />
        {is_admin.then(|| view! { <UserDialogs path actions/> })}
    }
}
