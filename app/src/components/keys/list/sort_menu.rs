//! The menu of orders for the key list. It serves screens that do not show the column headers, and orders that have no
//! column.

use leptos::prelude::*;

use model::key::{KeySort, SortColumn};

use crate::components::keys::list_path::KeyListPath;
use crate::ui::{ButtonKind, Glyph, Menu, MenuLink};

/// The orders: column, whether descending, and label.
const ORDERS: [(SortColumn, bool, &str); 10] = [
    (SortColumn::Created, true, "Newest first"),
    (SortColumn::Created, false, "Oldest first"),
    (SortColumn::Name, false, "Name, A to Z"),
    (SortColumn::Name, true, "Name, Z to A"),
    (SortColumn::LastUsed, true, "Last used first"),
    (SortColumn::LastUsed, false, "Longest unused first"),
    (SortColumn::Expires, false, "Expires first"),
    (SortColumn::Expires, true, "Expires last"),
    (SortColumn::Environment, false, "Environment, A to Z"),
    (SortColumn::Environment, true, "Environment, Z to A"),
];

/// The menu of orders. Its button shows the current order.
#[component]
pub fn SortMenu(path: Memo<KeyListPath>) -> impl IntoView {
    let items = ORDERS
        .map(|(column, descending, words)| {
            let sort = KeySort { column, descending };
            let href = Signal::derive(move || path.with(|path| path.sorted_by(sort).to_path()));
            let current = Signal::derive(move || path.with(|path| path.query.sort == sort));
            view! { <MenuLink href current>{words}</MenuLink> }
        })
        .collect_view();
    let label = Signal::derive(move || path.with(|path| label_of(path.query.sort)).to_owned());
    view! { <Menu id="sort-keys" label icon=Glyph::Sort kind=ButtonKind::Secondary>{items}</Menu> }
}

fn label_of(sort: KeySort) -> &'static str {
    ORDERS
        .iter()
        .find(|(column, descending, _)| (*column, *descending) == (sort.column, sort.descending))
        .map_or("Sort", |(_, _, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_a_label() {
        for column in SortColumn::ALL.iter().copied() {
            for descending in [false, true] {
                assert_ne!(label_of(KeySort { column, descending }), "Sort");
            }
        }
    }
}
