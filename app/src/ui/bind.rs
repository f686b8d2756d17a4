//! Binds a native form field to a signal without losing what was typed before WebAssembly arrived.
//!
//! The `prop:value` of Leptos writes the signal's first value into the field during hydration. That would erase what
//! the user typed or a password manager filled in. Here the value of the field wins that one time.

use leptos::{
    html::ElementType,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement},
};

/// A native form field that holds text.
pub(super) trait TextElement {
    fn text(&self) -> String;
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

/// Keeps a field and a signal equal. The first time, the signal takes over what the field already holds. From then on,
/// the field follows the signal. The field's own `on:input` has to write what is typed into the signal.
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

/// Keeps a checkbox and a signal equal. The first time, the signal takes over the state of the checkbox. From then on,
/// the checkbox follows the signal.
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
