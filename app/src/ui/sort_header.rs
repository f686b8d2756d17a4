//! The headers of table columns.

use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;

/// The order in which a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest, earliest or alphabetically first value on top.
    Ascending,
    /// The largest, latest or alphabetically last value on top.
    Descending,
}

/// A column header that links to the list sorted by this column.
#[component]
pub fn SortHeader(
    #[prop(into)] label: String,
    /// The address of the list sorted by this column. If it already is, the address reverses the order.
    #[prop(into)]
    href: Signal<String>,
    /// The direction in which the list is sorted by this column. `None` if it is sorted by another one.
    #[prop(into)]
    direction: Signal<Option<Direction>>,
    #[prop(optional)] numeric: bool,
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

/// The header of a column that cannot be sorted.
#[component]
pub fn Header(
    #[prop(into)] label: String,
    /// Shows the label only to screen readers, as above the actions.
    #[prop(optional)]
    hidden: bool,
    #[prop(optional)] numeric: bool,
) -> impl IntoView {
    view! {
        <th class="head" class:head-numeric=numeric scope="col">
            <span class:visually-hidden=hidden>{label}</span>
        </th>
    }
}
