//! Tabs: parts of one thing, of which one is shown. As links when the open part is an address, as buttons otherwise.

use leptos::{ev::KeyboardEvent, html::Div, prelude::*};

use super::focus::move_by_key;

/// Tabs that are links.
#[component]
pub fn LinkTabs(
    /// What the parts belong to, for screen readers.
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

/// One tab that is a link.
#[component]
pub fn LinkTab(
    /// The address with this part open.
    #[prop(into)]
    href: Signal<String>,
    /// Whether it is open.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// Its name.
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <a class="tab" href=href aria-current=move || current.get().then_some("page")>{children()}</a>
        </li>
    }
}

/// Tabs that are buttons, for parts that have no address, such as those of a secret. Arrow keys move between them.
#[component]
pub fn Tabs(
    /// What the parts belong to, for screen readers.
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

/// One tab that is a button.
#[component]
pub fn Tab(
    /// Its id, unique in the page. Its panel has the id `{id}-panel`.
    #[prop(into)]
    id: String,
    /// Whether its panel is shown.
    #[prop(into)]
    selected: Signal<bool>,
    /// Asked to show its panel.
    #[prop(into)]
    on_select: Callback<()>,
    /// Its name.
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

/// What a [`Tab`] shows. Stays in the page while hidden.
#[component]
pub fn TabPanel(
    /// The id of its tab.
    #[prop(into)]
    tab_id: String,
    /// Whether it is shown.
    #[prop(into)]
    shown: Signal<bool>,
    /// The content.
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
