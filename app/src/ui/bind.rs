//! Binds a native form field to its value without losing what was typed before WebAssembly arrived.
//!
//! The `prop:value` of Leptos writes the signal's first value into the field during hydration. That would erase what
//! the user typed or a password manager filled in. Here the value of the field wins that one time.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// The value that a form field shows and changes: a signal, or a part of one.
pub struct Binding<T: Send + Sync + 'static = String> {
    read: Signal<T>,
    write: SignalSetter<T>,
}

impl<T: Send + Sync + 'static> Clone for Binding<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Binding<T> {}

impl<T: Clone + Send + Sync + 'static> Binding<T> {
    /// A part of the value of `whole`.
    pub fn part<W: Send + Sync + 'static>(
        whole: RwSignal<W>,
        read: impl Fn(&W) -> T + Send + Sync + 'static,
        write: impl Fn(&mut W, T) + Send + Sync + 'static,
    ) -> Self {
        Self {
            read: Signal::derive(move || whole.with(&read)),
            write: SignalSetter::map(move |value| whole.update(|whole| write(whole, value))),
        }
    }

    pub fn get(self) -> T {
        self.read.get()
    }

    pub fn get_untracked(self) -> T {
        self.read.get_untracked()
    }

    pub fn set(self, value: T) {
        self.write.set(value);
    }

    pub fn update(self, change: impl FnOnce(&mut T)) {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

impl<I: Clone + Send + Sync + 'static> Binding<Vec<I>> {
    /// A part of one item of a list. While there is no such item, the part has its default and cannot be set.
    pub fn item<T: Clone + Default + Send + Sync + 'static>(
        self,
        index: usize,
        part: fn(&mut I) -> &mut T,
    ) -> Binding<T> {
        let read = move || self.get().get_mut(index).map(part).cloned().unwrap_or_default();
        let write = move |value| {
            self.update(|items| {
                if let Some(item) = items.get_mut(index) {
                    *part(item) = value;
                }
            });
        };
        Binding { read: Signal::derive(read), write: SignalSetter::map(write) }
    }
}

impl<T: Clone + Send + Sync + 'static> From<RwSignal<T>> for Binding<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self { read: signal.into(), write: signal.into() }
    }
}

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

/// Keeps a field and its value equal. The first time, the value takes over what the field already holds. From then on,
/// the field follows the value. The field's own `on:input` has to write what is typed into the value.
pub(super) fn bind_text<E>(node: NodeRef<E>, value: Binding)
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

/// Keeps a checkbox and its value equal. The first time, the value takes over the state of the checkbox. From then on,
/// the checkbox follows the value.
pub(super) fn bind_checked(node: NodeRef<leptos::html::Input>, checked: Binding<bool>) {
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
