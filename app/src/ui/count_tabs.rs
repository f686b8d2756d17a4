//! Counts above a list that filter it.

use leptos::prelude::*;

/// The strip of counts. Scrolls sideways where it does not fit.
#[component]
pub fn CountTabs(
    /// What the counts are of, for screen readers.
    #[prop(into)]
    label: String,
    /// [`CountTab`]s.
    children: Children,
) -> impl IntoView {
    view! {
        <nav class="count-tabs" aria-label=label>
            <ul class="count-tabs-list">{children()}</ul>
        </nav>
    }
}

/// One count: a link to the list filtered by it.
#[component]
pub fn CountTab(
    /// What is counted.
    #[prop(into)]
    label: String,
    /// The address of the list filtered by it.
    #[prop(into)]
    href: Signal<String>,
    /// How many, already in words for people; nothing while it is not known.
    #[prop(optional, into)]
    count: Signal<Option<String>>,
    /// Whether the list shows just these.
    #[prop(optional, into)]
    current: Signal<bool>,
) -> impl IntoView {
    view! {
        <li class="count-tabs-item">
            <a class="count-tab" href=href aria-current=move || current.get().then_some("true")>
                <span class="count-tab-label">{label}</span>
                <span class="count-tab-count">{move || count.get().unwrap_or_else(|| "–".to_owned())}</span>
            </a>
        </li>
    }
}
