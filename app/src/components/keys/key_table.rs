//! The table of keys.

use leptos::prelude::*;

use model::key::{KeyRow, SortColumn};
use model::user::Role;

use super::key_table_row::KeyTableRow;
use super::url::KeyListUrl;
use crate::ui::{Direction, Header, SortHeader, Table};

/// The heads of the table's columns.
#[component]
pub fn KeyTableHead(
    /// The address.
    url: Memo<KeyListUrl>,
    /// Whether keys of several owners are listed.
    with_owner: bool,
) -> impl IntoView {
    let sorted = move |label: &'static str, column: SortColumn| {
        let href = Signal::derive(move || url.with(|url| url.with_sort(column).href()));
        let direction = Signal::derive(move || {
            let sort = url.with(|url| url.query.sort);
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

/// The table with its rows.
#[component]
pub fn KeyTable(
    /// The address.
    url: Memo<KeyListUrl>,
    /// The keys.
    rows: Vec<KeyRow>,
    /// Who looks.
    role: Role,
    /// Their own id among the owners.
    own_id: model::id::UserId,
    /// A newer list is on its way.
    busy: Signal<bool>,
) -> impl IntoView {
    let with_owner = role == Role::Admin;
    let rows = rows
        .into_iter()
        .map(|row| {
            let is_own = row.key.owner.user_id() == Some(&own_id);
            view! { <KeyTableRow url row role is_own with_owner/> }
        })
        .collect_view();
    view! {
        <Table label="Keys" busy>
            <KeyTableHead url with_owner/>
            <tbody>{rows}</tbody>
        </Table>
    }
}
