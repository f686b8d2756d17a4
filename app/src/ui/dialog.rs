//! A dialog, built on the browser's own `dialog` element. While it is open, the rest of the page is inert. Escape
//! closes it, and the focus returns to where it was.

use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use super::focus::focus_first;
use super::glyph::Glyph;
use super::icon::Icon;

/// The width of a dialog. On a phone, every dialog fills the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogSize {
    /// For a question.
    Small,
    /// For a form.
    #[default]
    Medium,
    /// For a form with rows, or for snippets of code.
    Large,
}

impl DialogSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Small => "dialog dialog-small",
            Self::Medium => "dialog dialog-medium",
            Self::Large => "dialog dialog-large",
        }
    }
}

/// A dialog that is shown while `open` is true. Its content exists only while it is open, so that it always starts
/// anew.
///
/// If the server renders a page with an open dialog, the dialog is shown in its place in the page. It becomes modal
/// when WebAssembly arrives.
#[component]
pub fn Dialog(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] title: Signal<String>,
    /// Shown below the title.
    #[prop(optional, into)]
    description: Signal<Option<String>>,
    #[prop(into)] open: Signal<bool>,
    /// Called on Escape, on the close button, and on a press outside. The dialog closes only if the caller then sets
    /// `open` to false.
    #[prop(into)]
    on_close_request: Callback<()>,
    #[prop(optional)] size: DialogSize,
    /// Ignores a press outside, for dialogs with forms and secrets.
    #[prop(optional)]
    keep_on_outside_press: bool,
    /// Usually a form that ends in `FormActions`.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<DialogElement>::new();
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            show_or_hide(&dialog, open.get());
        }
    });
    // An event can still arrive after the dialog is gone. Its signals no longer exist then.
    let ask = move || {
        if open.try_get_untracked() == Some(true) {
            on_close_request.run(());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        // Handled here and not in `cancel`, because browsers close a dialog without asking on a second Escape.
        if event.key() == "Escape" && !event.default_prevented() && !has_open_menu(&event) {
            event.prevent_default();
            ask();
        }
    };
    let on_cancel = move |event: Event| {
        event.prevent_default();
        ask();
    };
    let on_click = move |event: MouseEvent| {
        let outside =
            node.try_get_untracked().flatten().is_some_and(|dialog| is_on_backdrop(&event, &dialog));
        if outside && !keep_on_outside_press {
            ask();
        }
    };
    view! {
        <dialog
            node_ref=node
            class=size.class()
            open=cfg!(feature = "ssr") && open.get_untracked()
            aria-labelledby=format!("{id}-title")
            aria-describedby=format!("{id}-description")
            on:keydown=on_key
            on:cancel=on_cancel
            on:mousedown=on_click
            id=id.clone()
        >
            <div class="dialog-frame">
                <header class="dialog-head">
                    <h2 class="dialog-title" id=format!("{id}-title")>{title}</h2>
                    <p
                        class="dialog-description"
                        id=format!("{id}-description")
                        hidden=move || description.with(Option::is_none)
                    >
                        {move || description.get().unwrap_or_default()}
                    </p>
                </header>
                <div class="dialog-body">{move || open.get().then(|| children())}</div>
                <button type="button" class="field-button dialog-close" aria-label="Close" on:click=move |_| ask()>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </div>
        </dialog>
    }
}

/// Opens or closes the element. The element itself remembers what had the focus before and returns the focus to it.
fn show_or_hide(dialog: &HtmlDialogElement, open: bool) {
    if open && !dialog.matches(":modal").unwrap_or(false) {
        close_menu_in_focus();
        dialog.close();
        let _ = dialog.show_modal();
        focus_first_field(dialog.clone());
    } else if !open && dialog.open() {
        dialog.close();
    }
}

/// Moves the focus to the first field. The content is inserted by another effect of the same tick, or arrives later
/// from the server. Until then the focus stays on the close button, where the browser has put it. If the user moves the
/// focus into the content in the meantime, it stays there.
fn focus_first_field(dialog: HtmlDialogElement) {
    request_animation_frame(move || {
        let is_inside = |element: &Element| element.closest(".dialog-body").ok().flatten().is_some();
        if !dialog.open() || document().active_element().as_ref().is_some_and(is_inside) {
            return;
        }
        if focus_first(&dialog, "[autofocus]") || focus_first(&dialog, FIRST_FIELD) {
            return;
        }
        if dialog.query_selector(".skeleton-lines").ok().flatten().is_some() {
            focus_first_field(dialog);
        } else {
            focus_first(&dialog, ".dialog-body button:not(:disabled), .dialog-close");
        }
    });
}

/// Closes the menu whose item opens the dialog. The focus then moves to the menu's button and returns there when the
/// dialog closes. It could not return to the item, which is gone by then.
fn close_menu_in_focus() {
    let focused = document().active_element();
    let menu = focused.and_then(|focused| focused.closest(":popover-open").ok().flatten());
    if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
        let _ = menu.hide_popover();
    }
}

const FIRST_FIELD: &str = ".dialog-body :is(input:not([type=hidden]), select, textarea):not(:disabled)";

/// Whether the event comes from an open menu. Escape then closes the menu and not the dialog around it.
fn has_open_menu(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        let inside = target.closest("[popover]").ok().flatten().is_some();
        let opener = target.matches("[popovertarget]").unwrap_or(false)
            && target
                .parent_element()
                .is_some_and(|host| host.query_selector(":popover-open").ok().flatten().is_some());
        inside || opener
    })
}

/// Whether the press was on the backdrop. Its target is then the dialog itself, and not an element inside.
fn is_on_backdrop(event: &MouseEvent, dialog: &HtmlDialogElement) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.is_same_node(Some(dialog)))
}
