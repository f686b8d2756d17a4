//! A table of data. On a narrow screen each row becomes a card, in which every cell shows the name of its column.

use leptos::prelude::*;

/// The frame of a table: its border, its sideways scrolling and its name. The children must be `thead` and `tbody`.
/// Browsers move a row that is directly inside the table, which breaks the page.
#[component]
pub fn Table(
    /// What the table lists, for screen readers.
    #[prop(into)]
    label: String,
    /// Whether a newer list is being loaded. The current rows stay visible.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// `thead` and `tbody`.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-host">
            <div class="table-frame" class:is-busy=busy role="region" aria-label=label tabindex="0">
                <table class="table" aria-label=label.clone() aria-busy=move || busy.get().then_some("true")>
                    {children()}
                </table>
            </div>
        </div>
    }
}

#[component]
pub fn Cell(
    /// The name of the cell's column, shown beside it on a narrow screen. It is empty for actions and for the first
    /// cell, which becomes the heading of the card.
    #[prop(into)]
    label: &'static str,
    /// Aligns numbers to the right, with digits of one width.
    #[prop(optional)]
    numeric: bool,
    /// Gives the cell the remaining width, and wraps its text.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <td class="cell" class:cell-numeric=numeric class:cell-wide=wide data-label=label>{children()}</td>
    }
}

/// The last cell of a row, with its buttons or its menu.
#[component]
pub fn ActionsCell(children: Children) -> impl IntoView {
    view! { <td class="cell cell-actions"><div class="row-actions">{children()}</div></td> }
}
