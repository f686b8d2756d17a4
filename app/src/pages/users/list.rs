//! One page of the list of members.

use leptos::prelude::*;
use model::user::{User, UserPage};

use super::actions::{ActivateAction, AllowAction};
use super::path::UsersPath;
use super::row::UserTableRow;
use crate::components::list_page::{ItemList, ListFilter};
use crate::fns::users::USERS_PAGE_SIZE;
use crate::paths;
use crate::ui::{ButtonLink, EmptyState, Glyph};

/// The table of members, or a notice that there are none.
#[component]
pub(super) fn UserList(
    page: Signal<UserPage>,
    shown: Memo<UsersPath>,
    is_admin: bool,
    activate: ActivateAction,
    allow: AllowAction,
) -> impl IntoView {
    let is_filtered = Memo::new(move |_| shown.with(|shown| !shown.filter.pairs().is_empty()));
    let empty = move || {
        let title = if is_filtered.get() { "Nobody matches" } else { "No members here" };
        view! {
            <EmptyState icon=Glyph::Users title sentence="No member matches the search and the filters.">
                <ButtonLink href=paths::MEMBERS>"Show all members"</ButtonLink>
            </EmptyState>
        }
        .into_any()
    };
    view! {
        <ItemList
            shown
            items=Memo::new(move |_| page.with(|page| page.users.clone()))
            total=Signal::derive(move || page.with(|page| page.total))
            size=USERS_PAGE_SIZE
            noun=("member", "members")
            label="Members"
            columns=&["Member", "Role", "Status", "Console", "Added"]
            with_actions=is_admin
            id=|user: &User| user.user_id.to_string()
            row=move |user| view! { <UserTableRow user shown is_admin activate allow/> }.into_any()
            empty
        />
    }
}
