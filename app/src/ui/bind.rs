//! Ties a native field to a signal without losing what was typed before WebAssembly arrived.
//!
//! Leptos's own `prop:value` writes the signal's first value into the field while it hydrates, which would erase typing
//! and what a password manager has filled in. Here the field wins that one time.

use leptos::{
    html::ElementType,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement},
};

/// A native field that holds text.
pub(super) trait TextElement {
    /// What it holds now.
    fn text(&self) -> String;
    /// Replaces what it holds.
    fn set_text(&self, text: &str);
}

impl TextElement for HtmlInputElement {
    fn text(&self) -> String {
        self.value()
    }
    fn set_text(&self, text: &str) {
        self.set_value(text);
    }
}

impl TextElement for HtmlTextAreaElement {
    fn text(&self) -> String {
        self.value()
    }
    fn set_text(&self, text: &str) {
        self.set_value(text);
    }
}

impl TextElement for HtmlSelectElement {
    fn text(&self) -> String {
        self.value()
    }
    fn set_text(&self, text: &str) {
        self.set_value(text);
    }
}

/// Keeps the field and the signal equal: once from the field, from then on from the signal. The way from typing to the
/// signal is the field's own `on:input`.
pub(super) fn bind_text<E>(node: NodeRef<E>, value: RwSignal<String>)
where
    E: ElementType + 'static,
    E::Output: TextElement + JsCast + Clone + 'static,
{
    let first = value.get_untracked();
    Effect::new(move |adopted: Option<bool>| {
        let Some(element) = node.get() else { return false };
        let wanted = value.get();
        let held = element.text();
        if adopted != Some(true) && wanted == first && held != first && !held.is_empty() {
            value.set(held);
        } else if held != wanted {
            element.set_text(&wanted);
        }
        true
    });
}

/// Keeps a checkbox and the signal equal, with the same first word for the box.
pub(super) fn bind_checked(node: NodeRef<leptos::html::Input>, checked: RwSignal<bool>) {
    let first = checked.get_untracked();
    Effect::new(move |adopted: Option<bool>| {
        let Some(element) = node.get() else { return false };
        let wanted = checked.get();
        let held = element.checked();
        if adopted != Some(true) && wanted == first && held != first {
            checked.set(held);
        } else if held != wanted {
            element.set_checked(wanted);
        }
        true
    });
}
