//! The key that does the same.

use leptos::prelude::*;

/// A key or a combination, such as `Ctrl K`. Keys are separated by blanks.
#[component]
pub fn KeyHint(
    /// The keys.
    #[prop(into)]
    keys: String,
) -> impl IntoView {
    let keys = keys.split(' ').map(|key| view! { <kbd class="key">{key.to_owned()}</kbd> }).collect_view();
    view! { <span class="key-hint">{keys}</span> }
}
