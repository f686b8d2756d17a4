//! A snippet of code with a copy button.

use leptos::prelude::*;

use super::copy_button::CopyButton;

/// The snippet scrolls sideways and can be reached by keyboard.
#[component]
pub fn CodeBlock(
    /// The id of the element that holds the code, unique in the page.
    #[prop(into)]
    id: String,
    /// What the code is, such as "curl command".
    #[prop(into)]
    label: String,
    #[prop(into)] code: Signal<String>,
) -> impl IntoView {
    view! {
        <figure class="code-block">
            <figcaption class="code-block-head">
                <span>{label.clone()}</span>
                <CopyButton text=code select_id=id.clone()/>
            </figcaption>
            <pre class="code-block-text mono" tabindex="0" role="group" aria-label=label><code id=id>{code}</code></pre>
        </figure>
    }
}
