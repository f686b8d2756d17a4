//! A few words more, on hovering and on focus.

use leptos::prelude::*;

/// Adds a tooltip to its content. The content can then be reached by keyboard.
#[component]
pub fn Tooltip(
    /// The id of the tooltip, unique in the page.
    #[prop(into)]
    id: String,
    /// What it says.
    #[prop(into)]
    text: Signal<String>,
    /// What it is about.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="tooltip-host">
            <span class="tooltip-target" tabindex="0" aria-describedby=id.clone()>{children()}</span>
            <span class="tooltip" role="tooltip" id=id>{text}</span>
        </span>
    }
}
