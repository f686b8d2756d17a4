//! The table of keys.

use leptos::prelude::*;

use model::key::{KeyRow, SortColumn};
use model::user::Role;

use super::key_table_row::KeyTableRow;
use crate::components::keys::list_path::KeyListPath;
use crate::components::list_page::Rows;
use crate::ui::{Direction, Header, SortHeader, Table};

/// The column headers of the table.
#[component]
pub fn KeyTableHead(
    path: Memo<KeyListPath>,
    /// Whether the table has a column for the owner.
    with_owner: bool,
) -> impl IntoView {
    let sorted = move |label: &'static str, column: SortColumn| {
        let href = Signal::derive(move || path.with(|path| path.with_sort(column).to_path()));
        let direction = Signal::derive(move || {
            let sort = path.with(|path| path.query.sort);
            let way = if sort.descending { Direction::Descending } else { Direction::Ascending };
            (sort.column == column).then_some(way)
        });
        view! { <SortHeader label href direction/> }
    };
    view! {
        <thead>
            <tr>
                {sorted("Name", SortColumn::Name)}
                <Header label="Secret"/>
                {with_owner.then(|| view! { <Header label="Owner"/> })}
                <Header label="Permissions"/>
                {sorted("Last used", SortColumn::LastUsed)}
                {sorted("Expires", SortColumn::Expires)}
                <Header label="Status"/>
                <Header label="Actions" hidden=true/>
            </tr>
        </thead>
    }
}

#[component]
pub fn KeyTable(
    path: Memo<KeyListPath>,
    rows: Memo<Vec<KeyRow>>,
    /// The role of the signed-in user.
    role: Role,
    /// The id of the signed-in user, by which the table recognizes their own keys.
    own_id: model::id::UserId,
    /// Whether a newer list is being loaded.
    busy: Signal<bool>,
) -> impl IntoView {
    let with_owner = role == Role::Admin;
    let row = move |row: Signal<KeyRow>| {
        let is_own = row.with_untracked(|row| row.key.owner.user_id() == Some(&own_id));
        view! { <KeyTableRow path row role is_own with_owner/> }.into_any()
    };
    view! {
        <Table label="Keys" busy>
            <KeyTableHead path with_owner/>
            <tbody><Rows items=rows id=|row: &KeyRow| row.key.key_id.to_string() row/></tbody>
        </Table>
    }
}
