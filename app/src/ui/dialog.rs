//! A dialog, on the browser's own element: the rest of the page is inert, Escape closes it, the focus comes back.

use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent},
    html::Dialog as DialogElement,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlDialogElement, HtmlElement},
};

use super::{focus::focus_first, glyph::Glyph, icon::Icon};

/// How wide a dialog may become. On a phone every dialog fills the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogSize {
    /// A question.
    Small,
    /// A form.
    #[default]
    Medium,
    /// A form with rows, or snippets of code.
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

/// A dialog that is open while `open` says so. Its content exists only while it is open, so that it always starts anew.
///
/// A page that the server renders with an open dialog shows it in place; it becomes modal when WebAssembly arrives.
#[component]
pub fn Dialog(
    /// Its id, unique in the page.
    #[prop(into)]
    id: String,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// A sentence below the heading.
    #[prop(optional, into)]
    description: Signal<Option<String>>,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Asked to close, by Escape, the cross or a press outside. Closes only when the caller then sets `open` to false.
    #[prop(into)]
    on_close_request: Callback<()>,
    /// How wide it may become.
    #[prop(optional)]
    size: DialogSize,
    /// A press outside does not ask to close: for forms and secrets.
    #[prop(optional)]
    keep_on_outside_press: bool,
    /// The content; usually a form that ends in `FormActions`.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<DialogElement>::new();
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            follow(&dialog, open.get());
        }
    });
    // A press can still be on its way to a dialog that is gone: its signals are then gone too.
    let ask = move || {
        if open.try_get_untracked() == Some(true) {
            on_close_request.run(());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        // Handled here and not left to `cancel`: browsers close without asking on a second Escape.
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

/// Opens or closes the element. The element itself remembers what had the focus and gives it back.
fn follow(dialog: &HtmlDialogElement, open: bool) {
    if open && !dialog.matches(":modal").unwrap_or(false) {
        close_menu_in_focus();
        dialog.close();
        let _ = dialog.show_modal();
        lead_in(dialog.clone());
    } else if !open && dialog.open() {
        dialog.close();
    }
}

/// Leads to the first field. The content is put in by another effect of the same turn, or it comes later from the server:
/// until then the focus waits at the cross, where the browser has put it. Whoever has moved on meanwhile stays there.
fn lead_in(dialog: HtmlDialogElement) {
    request_animation_frame(move || {
        let is_inside = |element: &Element| element.closest(".dialog-body").ok().flatten().is_some();
        if !dialog.open() || document().active_element().as_ref().is_some_and(is_inside) {
            return;
        }
        if focus_first(&dialog, "[autofocus]") || focus_first(&dialog, FIRST_FIELD) {
            return;
        }
        if dialog.query_selector(".skeleton-lines").ok().flatten().is_some() {
            lead_in(dialog);
        } else {
            focus_first(&dialog, ".dialog-body button:not(:disabled), .dialog-close");
        }
    });
}

/// Closes the menu whose item opens the dialog. The focus goes to the menu's button then, and returns there afterwards;
/// the item itself will be gone.
fn close_menu_in_focus() {
    let focused = document().active_element();
    let menu = focused.and_then(|focused| focused.closest(":popover-open").ok().flatten());
    if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
        let _ = menu.hide_popover();
    }
}

const FIRST_FIELD: &str = ".dialog-body :is(input:not([type=hidden]), select, textarea):not(:disabled)";

/// Escape in an open menu closes the menu, not the dialog around it.
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

/// Whether a press hit what lies around the dialog: the target is the element itself, but outside its frame.
fn is_on_backdrop(event: &MouseEvent, dialog: &HtmlDialogElement) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.is_same_node(Some(dialog)))
}
