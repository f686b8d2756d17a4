//! A short explanation that appears on hover and on focus.

use leptos::prelude::*;

/// Adds a tooltip to its content, and makes the content reachable by keyboard.
#[component]
pub fn Tooltip(
    /// The id of the tooltip, unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] text: Signal<String>,
    /// The content that the tooltip explains.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="tooltip-host">
            <span class="tooltip-target" tabindex="0" aria-describedby=id.clone()>{children()}</span>
            <span class="tooltip" role="tooltip" id=id>{text}</span>
        </span>
    }
}
