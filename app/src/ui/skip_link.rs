//! The first element that the keyboard reaches: a link past the navigation.

use leptos::prelude::*;

/// A link to the content, which has the id `content`. The link is visible only while it has the focus.
///
/// The router leaves links with `rel="external"` to the browser, which moves the focus to the content. The router would
/// only scroll.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a class="skip-link" href="#content" rel="external">"Skip to content"</a> }
}
