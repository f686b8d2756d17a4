//! The first stop of the keyboard: past the navigation.

use leptos::prelude::*;

/// A link to the content, seen only while it has the focus. The content has the id `content`.
///
/// The router leaves external links to the browser, which moves the focus along; the router would only scroll.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a class="skip-link" href="#content" rel="external">"Skip to content"</a> }
}
