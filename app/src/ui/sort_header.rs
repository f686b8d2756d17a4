//! The head of a column that the list can be sorted by.

use leptos::prelude::*;

use super::{glyph::Glyph, icon::Icon};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest, earliest or first letter on top.
    Ascending,
    /// Largest, latest or last letter on top.
    Descending,
}

/// A column head that is a link to the list sorted by it.
#[component]
pub fn SortHeader(
    /// The name of the column.
    #[prop(into)]
    label: String,
    /// The address of the list sorted by it; the other way round when it already is.
    #[prop(into)]
    href: Signal<String>,
    /// Which way the list is sorted by this column; nothing when by another one.
    #[prop(into)]
    direction: Signal<Option<Direction>>,
    /// The column holds numbers.
    #[prop(optional)]
    numeric: bool,
) -> impl IntoView {
    let aria_sort = move || match direction.get() {
        None => "none",
        Some(Direction::Ascending) => "ascending",
        Some(Direction::Descending) => "descending",
    };
    view! {
        <th class="head sort-header" class:head-numeric=numeric scope="col" aria-sort=aria_sort>
            <a class="sort-link" href=href>
                {label}
                <span class="sort-mark sort-mark-none"><Icon glyph=Glyph::Sort/></span>
                <span class="sort-mark sort-mark-ascending"><Icon glyph=Glyph::ArrowUp/></span>
                <span class="sort-mark sort-mark-descending"><Icon glyph=Glyph::ArrowDown/></span>
            </a>
        </th>
    }
}

/// The head of a column that cannot be sorted.
#[component]
pub fn Header(
    /// The name of the column.
    #[prop(into)]
    label: String,
    /// For screen readers only, as over the actions.
    #[prop(optional)]
    hidden: bool,
    /// The column holds numbers.
    #[prop(optional)]
    numeric: bool,
) -> impl IntoView {
    view! {
        <th class="head" class:head-numeric=numeric scope="col">
            <span class:visually-hidden=hidden>{label}</span>
        </th>
    }
}
