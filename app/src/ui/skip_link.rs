//! The first stop of the keyboard: past the navigation.

use leptos::prelude::*;

/// A link to the content, seen only while it has the focus. The content has the id `content`.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a class="skip-link" href="#content">"Skip to content"</a> }
}
