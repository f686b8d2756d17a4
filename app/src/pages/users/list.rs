//! One page of the list of members.

use leptos::prelude::*;
use model::user::UserPage;

use super::{actions::Actions, path::UsersPath, row::UserTableRow};
use crate::{
    fns::users::USERS_PAGE_SIZE,
    paths,
    ui::{ButtonLink, EmptyState, Glyph, Header, Pagination, Table, grouped},
};

/// The table of members, or a notice that there are none.
#[component]
pub(super) fn UserTable(page: UserPage, shown: UsersPath, is_admin: bool, actions: Actions) -> impl IntoView {
    let UserPage { users, total } = page;
    if users.is_empty() {
        return view! {
            <EmptyState
                icon=Glyph::Users
                title=if shown.is_filtered() { "Nobody matches" } else { "No members here" }
                sentence="No member matches the search and the filters."
            >
                <ButtonLink href=paths::MEMBERS>"Show all members"</ButtonLink>
            </EmptyState>
        }
        .into_any();
    }
    let rows = users
        .into_iter()
        .map(|user| view! { <UserTableRow user shown=shown.clone() is_admin actions/> })
        .collect_view();
    view! {
        <Table label="Members">
            <thead>
                <tr>
                    <Header label="Member"/>
                    <Header label="Role"/>
                    <Header label="Status"/>
                    <Header label="Console"/>
                    <Header label="Added"/>
                    {is_admin.then(|| view! { <Header label="Actions" hidden=true/> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
        <Pages shown total/>
    }
    .into_any()
}

#[component]
fn Pages(shown: UsersPath, total: u64) -> impl IntoView {
    let words = if total == 1 { "1 member".to_owned() } else { format!("{} members", grouped(total)) };
    let last = u32::try_from(total.div_ceil(u64::from(USERS_PAGE_SIZE))).unwrap_or(u32::MAX);
    if last <= 1 {
        return view! { <p class="list-total">{words}</p> }.into_any();
    }
    let at = shown.page.max(1);
    let link = |page: u32, is_there: bool| is_there.then(|| shown.at_page(page).to_path());
    view! {
        <Pagination
            total=words
            first=link(1, at > 1)
            previous=link(at - 1, at > 1)
            next=link(at.saturating_add(1), at < last)
            last=link(last, at < last)
            size=USERS_PAGE_SIZE
            sizes=vec![(USERS_PAGE_SIZE, shown.to_path())]
        />
    }
    .into_any()
}
