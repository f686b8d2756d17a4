//! Tabs with counts above a list. Each of them filters the list.

use leptos::prelude::*;

/// Scrolls sideways if the tabs do not fit.
#[component]
pub fn CountTabs(
    /// What is counted, for screen readers.
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

/// One count, as a link to the list filtered by it.
#[component]
pub fn CountTab(
    #[prop(into)] label: String,
    /// The address of the list with this filter.
    #[prop(into)]
    href: Signal<String>,
    /// The count, formatted for people. `None` while it is not known.
    #[prop(optional, into)]
    count: Signal<Option<String>>,
    /// Whether the list has exactly this filter.
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
