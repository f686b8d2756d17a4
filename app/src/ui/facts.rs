//! A list of facts about one thing, each with a label and a value.

use leptos::prelude::*;

/// Uses several columns if there is room.
#[component]
pub fn Facts(
    /// [`Fact`]s.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

#[component]
pub fn Fact(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <div class="fact">
            <dt class="fact-label">{label}</dt>
            <dd class="fact-value">{children()}</dd>
        </div>
    }
}
