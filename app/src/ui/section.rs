//! A part of a page with a title.

use leptos::prelude::*;

/// A card with a border, under an `h2`.
#[component]
pub fn Section(
    /// The id of the heading, unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    /// Shown below the title.
    #[prop(optional, into)]
    sentence: Option<String>,
    /// Shown at the right of the title, such as a button.
    #[prop(optional, into)]
    action: ViewFnOnce,
    /// Lets the content extend to the border, as for a table.
    #[prop(optional)]
    flush: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" class:section-flush=flush aria-labelledby=id>
            <header class="section-head">
                <div class="section-words">
                    <h2 class="section-title" id=id.clone()>{title}</h2>
                    {sentence.map(|sentence| view! { <p class="section-sentence">{sentence}</p> })}
                </div>
                {action.run()}
            </header>
            <div class="section-body">{children()}</div>
        </section>
    }
}
