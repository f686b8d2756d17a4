//! The orders of the list, where its column heads cannot be seen or have no column.

use leptos::prelude::*;

use model::key::{KeySort, SortColumn};

use super::url::KeyListUrl;
use crate::ui::{ButtonKind, Glyph, Menu, MenuLink};

/// The orders, each with its words.
const ORDERS: [(SortColumn, bool, &str); 8] = [
    (SortColumn::Created, true, "Newest first"),
    (SortColumn::Created, false, "Oldest first"),
    (SortColumn::Name, false, "Name, A to Z"),
    (SortColumn::Name, true, "Name, Z to A"),
    (SortColumn::LastUsed, true, "Last used first"),
    (SortColumn::LastUsed, false, "Longest unused first"),
    (SortColumn::Expires, false, "Expires first"),
    (SortColumn::Expires, true, "Expires last"),
];

/// The menu of orders; its button says which one holds.
#[component]
pub fn SortMenu(
    /// The address.
    url: Memo<KeyListUrl>,
) -> impl IntoView {
    let items = ORDERS
        .map(|(column, descending, words)| {
            let sort = KeySort { column, descending };
            let href = Signal::derive(move || url.with(|url| url.sorted_by(sort).href()));
            let current = Signal::derive(move || url.with(|url| url.query.sort == sort));
            view! { <MenuLink href current>{words}</MenuLink> }
        })
        .collect_view();
    let label = Signal::derive(move || url.with(|url| words_of(url.query.sort)).to_owned());
    view! { <Menu id="sort-keys" label icon=Glyph::Sort kind=ButtonKind::Secondary>{items}</Menu> }
}

fn words_of(sort: KeySort) -> &'static str {
    ORDERS
        .iter()
        .find(|(column, descending, _)| (*column, *descending) == (sort.column, sort.descending))
        .map_or("Sort", |(_, _, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_its_words() {
        for column in SortColumn::ALL.iter().copied() {
            for descending in [false, true] {
                assert_ne!(words_of(KeySort { column, descending }), "Sort");
            }
        }
    }
}
