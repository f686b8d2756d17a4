//! The notice for browsers without JavaScript.

use leptos::prelude::*;

/// Set as inner HTML: browsers with scripts parse the content of `noscript` as text, so hydration would not find its
/// elements.
const WORDS: &str = "<p class=\"key-noscript\">Creating a key requires JavaScript. Without it, the secret could not be shown.</p>";

/// Says in browsers without JavaScript why they cannot create a key.
#[component]
pub fn NeedsJavaScript() -> impl IntoView {
    view! { <noscript inner_html=WORDS></noscript> }
}
