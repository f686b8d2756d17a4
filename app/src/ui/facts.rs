//! Facts about one thing, as names and values.

use leptos::prelude::*;

/// A list of facts; in columns where there is room.
#[component]
pub fn Facts(
    /// [`Fact`]s.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One fact.
#[component]
pub fn Fact(
    /// Its name.
    #[prop(into)]
    label: String,
    /// Its value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="fact">
            <dt class="fact-label">{label}</dt>
            <dd class="fact-value">{children()}</dd>
        </div>
    }
}
