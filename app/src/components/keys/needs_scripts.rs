//! What a browser without scripts is told.

use leptos::prelude::*;

/// Content of `noscript` is text to a browser with scripts, hence out of reach of hydration: it is written as a whole.
const WORDS: &str =
    "<p class=\"key-noscript\">Creating a key needs JavaScript: a plain form would lose the secret.</p>";

/// Says, to a browser without scripts, why no key can be made with it.
#[component]
pub fn NeedsScripts() -> impl IntoView {
    view! { <noscript inner_html=WORDS></noscript> }
}
