//! A table of data. On a narrow screen each row becomes a card, in which every cell carries its column's name.

use leptos::prelude::*;

/// The frame of a table: the border, the sideways scrolling and the name. Inside stand `thead` and `tbody`; a row that
/// stands directly in the table would be moved by the browser and break the page.
#[component]
pub fn Table(
    /// What the table lists, for screen readers.
    #[prop(into)]
    label: String,
    /// A newer list is on its way; what is shown stays.
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

/// One cell.
#[component]
pub fn Cell(
    /// The name of its column, shown beside it on a narrow screen; empty for the first cell, the card's heading, and
    /// for actions.
    #[prop(into)]
    label: &'static str,
    /// Numbers stand to the right with digits of one width.
    #[prop(optional)]
    numeric: bool,
    /// Takes the room that is left and breaks its lines.
    #[prop(optional)]
    wide: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <td class="cell" class:cell-numeric=numeric class:cell-wide=wide data-label=label>{children()}</td>
    }
}

/// The last cell of a row, with its buttons or its menu.
#[component]
pub fn ActionsCell(
    /// The buttons or the menu.
    children: Children,
) -> impl IntoView {
    view! { <td class="cell cell-actions"><div class="row-actions">{children()}</div></td> }
}
