//! Tabs: parts of one thing, of which one is shown. They are links if the address says which part is open, and buttons
//! otherwise.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::focus::move_by_key;

/// Tabs that are links.
#[component]
pub fn LinkTabs(
    /// What the tabs belong to, for screen readers.
    #[prop(into)]
    label: String,
    /// [`LinkTab`]s.
    children: Children,
) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            <ul class="tabs-list">{children()}</ul>
        </nav>
    }
}

#[component]
pub fn LinkTab(
    /// The address with this tab open.
    #[prop(into)]
    href: Signal<String>,
    /// Whether this tab is open.
    #[prop(optional, into)]
    current: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <a class="tab" href=href aria-current=move || current.get().then_some("page")>{children()}</a>
        </li>
    }
}

/// Tabs that are buttons, for parts that have no address, such as those of a secret. The arrow keys move between them.
#[component]
pub fn Tabs(
    /// What the tabs belong to, for screen readers.
    #[prop(into)]
    label: String,
    /// [`Tab`]s.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let on_key = move |event: KeyboardEvent| {
        if let Some(list) = node.get_untracked()
            && let Some(tab) = move_by_key(&event, &list, "[role=tab]")
        {
            tab.click();
        }
    };
    view! {
        <div node_ref=node class="tabs tabs-list" role="tablist" aria-label=label on:keydown=on_key>
            {children()}
        </div>
    }
}

/// A tab that is a button.
#[component]
pub fn Tab(
    /// Unique in the page. The panel of the tab has the id `{id}-panel`.
    #[prop(into)]
    id: String,
    /// Whether the panel is shown.
    #[prop(into)]
    selected: Signal<bool>,
    /// Called when the tab is chosen. The caller then shows its panel.
    #[prop(into)]
    on_select: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="tab"
            role="tab"
            aria-selected=move || if selected.get() { "true" } else { "false" }
            aria-controls=format!("{id}-panel")
            tabindex=move || if selected.get() { "0" } else { "-1" }
            on:click=move |_| on_select.run(())
            id=id
        >
            {children()}
        </button>
    }
}

/// The content of a [`Tab`]. It stays in the page while hidden.
#[component]
pub fn TabPanel(
    #[prop(into)] tab_id: String,
    #[prop(into)] shown: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <div
            class="tab-panel"
            role="tabpanel"
            id=format!("{tab_id}-panel")
            aria-labelledby=tab_id
            tabindex="0"
            hidden=move || !shown.get()
        >
            {children()}
        </div>
    }
}
