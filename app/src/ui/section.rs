//! A titled part of a page.

use leptos::prelude::*;

/// A part of a page in a bordered card, under an `h2`.
#[component]
pub fn Section(
    /// The id of the heading, unique in the page.
    #[prop(into)]
    id: String,
    /// The heading.
    #[prop(into)]
    title: String,
    /// A sentence below it.
    #[prop(optional, into)]
    sentence: Option<String>,
    /// What to do with it, at the right of the heading.
    #[prop(optional, into)]
    action: ViewFnOnce,
    /// The content reaches the border, as a table does.
    #[prop(optional)]
    flush: bool,
    /// The content.
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
