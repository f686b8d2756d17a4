//! Copies text to the clipboard.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::js_sys::Reflect;

/// The outcome of a copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Copied {
    /// Nothing was copied, or the last outcome is no longer shown.
    #[default]
    Idle,
    /// The text is on the clipboard.
    Done,
    /// The browser refused. The text is selected, so that the user can copy it by keyboard.
    Selected,
    /// The browser refused, and there was nothing to select.
    Refused,
}

/// Copies `text`. If the browser offers no clipboard, as on plain HTTP, or refuses to write to it, selects the element
/// with the id `select_id` instead.
pub(super) async fn copy(text: String, select_id: Option<String>) -> Copied {
    let navigator = window().navigator();
    let offered =
        Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|it| !it.is_undefined());
    if offered && navigator.clipboard().write_text(&text).await.is_ok() {
        return Copied::Done;
    }
    match select_id.and_then(|id| select(&id)) {
        Some(()) => Copied::Selected,
        None => Copied::Refused,
    }
}

fn select(id: &str) -> Option<()> {
    let element = document().get_element_by_id(id)?;
    let selection = window().get_selection().ok()??;
    selection.select_all_children(&element).ok()
}
