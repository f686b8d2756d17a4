//! A hint at a keyboard shortcut.

use leptos::prelude::*;

/// A key or a combination of keys, such as `Ctrl K`. Keys are separated by spaces.
#[component]
pub fn KeyHint(#[prop(into)] keys: String) -> impl IntoView {
    let keys = keys.split(' ').map(|key| view! { <kbd class="key">{key.to_owned()}</kbd> }).collect_view();
    view! { <span class="key-hint">{keys}</span> }
}
