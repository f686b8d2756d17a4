//! A button that opens a short list of actions or links.
//!
//! The list is the browser's own popover, so it works before WebAssembly arrives. The browser opens it, closes it on
//! Escape and on a press elsewhere, keeps it above other content, and restores the focus. The arrow keys are added
//! here.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::button::ButtonKind;
use super::focus::move_by_key;
use super::glyph::Glyph;
use super::icon::Icon;
use super::table::ActionsCell;

const ITEMS: &str =
    ".menu-item:not(:disabled), .menu-body a, .menu-body button:not(:disabled), .menu-body input";

#[component]
pub fn Menu(
    /// The id of the list, unique in the page.
    #[prop(into)]
    id: String,
    /// The name of the button. It is shown as text unless there is a `trigger`.
    #[prop(into)]
    label: Signal<String>,
    /// Shown on the button.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Shows only the icon. The label is then the accessible name and the tooltip.
    #[prop(optional)]
    icon_only: bool,
    #[prop(default = ButtonKind::Quiet)] kind: ButtonKind,
    /// Reduces the height, for table rows and other dense layouts.
    #[prop(optional)]
    small: bool,
    /// Shown on the button in place of icon and label.
    #[prop(optional, into)]
    trigger: Option<ViewFnOnce>,
    /// Opens the list upwards and to the right, for a button at the lower left of the page.
    #[prop(optional)]
    above: bool,
    /// [`MenuItem`]s, [`MenuLink`]s, [`MenuLine`]s, or any other content.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let on_key = move |event: KeyboardEvent| {
        // In a text field, the arrow keys, Home and End belong to the text.
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.matches("input.input").unwrap_or(false)) {
            return;
        }
        // The focus stays on the button when the list opens. An arrow key leads from the button into the list.
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

/// Closes the menu after one of its items was used. Other content, such as a theme switch, keeps it open.
fn close_after(event: &leptos::ev::MouseEvent, node: NodeRef<Div>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let used = target.and_then(|target| target.closest(".menu-item").ok().flatten()).is_some();
    if used && let Some(list) = node.get_untracked() {
        let _ = list.hide_popover();
    }
}

/// The last cell of a table row, with a menu of what can be done with the item.
#[component]
pub fn RowActions(
    /// The id of the list, unique in the page.
    #[prop(into)]
    id: String,
    /// The name of the item.
    #[prop(into)]
    name: Signal<String>,
    /// [`MenuItem`]s, [`MenuLink`]s, [`MenuLine`]s.
    children: Children,
) -> impl IntoView {
    let label = Signal::derive(move || name.with(|name| format!("Actions for {name}")));
    view! {
        <ActionsCell>
            <Menu id label icon=Glyph::More icon_only=true small=true>{children()}</Menu>
        </ActionsCell>
    }
}

/// An action in a menu.
#[component]
pub fn MenuItem(
    /// Shown before the text.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Shows the item in red, for a destructive action.
    #[prop(optional)]
    danger: bool,
    /// Submits the enclosing form.
    #[prop(optional)]
    submit: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
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

#[component]
pub fn MenuLink(
    #[prop(into)] href: Signal<String>,
    /// Shown before the text.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Whether the link leads to what is shown now. It is then marked with a tick.
    #[prop(optional, into)]
    current: Signal<bool>,
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

/// A line between groups of menu items.
#[component]
pub fn MenuLine() -> impl IntoView {
    view! { <hr class="menu-line"/> }
}
