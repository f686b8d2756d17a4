//! A button that opens a short list of actions or links.
//!
//! The browser's own popover opens it, closes it on Escape and on a press elsewhere, keeps it above everything and
//! gives the focus back: it works before WebAssembly arrives. Arrow keys are added here.

use leptos::{ev::KeyboardEvent, html::Div, prelude::*};

use super::{button::ButtonKind, focus::move_by_key, glyph::Glyph, icon::Icon};

const ITEMS: &str =
    ".menu-item:not(:disabled), .menu-body a, .menu-body button:not(:disabled), .menu-body input";

/// A menu with the button that opens it.
#[component]
pub fn Menu(
    /// The id of the list, unique in the page.
    #[prop(into)]
    id: String,
    /// The name of the button; shown as words unless there is a `trigger`.
    #[prop(into)]
    label: Signal<String>,
    /// The drawing on the button.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Shows only the icon; the label is then read and is the tooltip.
    #[prop(optional)]
    icon_only: bool,
    /// The weight of the button.
    #[prop(default = ButtonKind::Quiet)]
    kind: ButtonKind,
    /// Lower, for rows and dense places.
    #[prop(optional)]
    small: bool,
    /// What the button shows instead of icon and label.
    #[prop(optional, into)]
    trigger: Option<ViewFnOnce>,
    /// Opens upwards and to the right, for a button at the lower left.
    #[prop(optional)]
    above: bool,
    /// [`MenuItem`]s, [`MenuLink`]s, [`MenuLine`]s, or any other content.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let on_key = move |event: KeyboardEvent| {
        // The focus stays on the button when the list opens; from there, too, an arrow leads into the list.
        if let Some(list) = node.get_untracked()
            && list.matches(":popover-open").unwrap_or(false)
        {
            move_by_key(&event, &list, ITEMS);
        }
    };
    let custom = trigger.is_some();
    let content = match trigger {
        Some(trigger) => trigger.run(),
        None => view! {
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {(!icon_only).then(|| view! { <span class="button-text">{label}</span> })}
            {(!icon_only).then(|| view! { <span class="menu-mark"><Icon glyph=Glyph::ChevronDown/></span> })}
        }
        .into_any(),
    };
    view! {
        <div class="menu-host" on:keydown=on_key>
            <button
                type="button"
                class=if custom { "menu-trigger" } else { kind.class() }
                class:button-small=small
                class:button-icon=icon_only
                popovertarget=id.clone()
                aria-label=move || icon_only.then(|| label.get())
                title=move || icon_only.then(|| label.get())
            >
                {content}
            </button>
            <div
                node_ref=node
                class="menu"
                class:menu-above=above
                popover="auto"
                on:click=move |event| close_after(&event, node)
                id=id
            >
                <div class="menu-body">{children()}</div>
            </div>
        </div>
    }
}

/// Closes the menu when one of its items was used; content such as a theme switch keeps it open.
fn close_after(event: &leptos::ev::MouseEvent, node: NodeRef<Div>) {
    use leptos::{wasm_bindgen::JsCast, web_sys::Element};

    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let used = target.and_then(|target| target.closest(".menu-item").ok().flatten()).is_some();
    if used && let Some(list) = node.get_untracked() {
        let _ = list.hide_popover();
    }
}

/// The menu at the end of a row.
#[component]
pub fn RowMenu(
    /// The id of the list, unique in the page.
    #[prop(into)]
    id: String,
    /// What it acts on: "Actions for Billing".
    #[prop(into)]
    label: String,
    /// [`MenuItem`]s, [`MenuLink`]s, [`MenuLine`]s.
    children: Children,
) -> impl IntoView {
    view! {
        <Menu id label icon=Glyph::More icon_only=true small=true>{children()}</Menu>
    }
}

/// An action in a menu.
#[component]
pub fn MenuItem(
    /// The drawing before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Red: destroys something.
    #[prop(optional)]
    danger: bool,
    /// Sends the form around it.
    #[prop(optional)]
    submit: bool,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called when used.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class="menu-item"
            class:is-danger=danger
            disabled=disabled
            on:click=press
        >
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="menu-item-text">{children()}</span>
        </button>
    }
}

/// A link in a menu.
#[component]
pub fn MenuLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// The drawing before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// It is what is shown now; marked with a tick.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=href aria-current=move || current.get().then_some("true")>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="menu-item-text">{children()}</span>
            <span class="menu-item-tick"><Icon glyph=Glyph::Check/></span>
        </a>
    }
}

/// A line between groups of a menu.
#[component]
pub fn MenuLine() -> impl IntoView {
    view! { <hr class="menu-line"/> }
}
