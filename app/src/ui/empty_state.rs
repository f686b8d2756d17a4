//! What a list says when it is empty.

use leptos::prelude::*;

use super::{glyph::Glyph, icon::Icon};

/// Says why there is nothing, and what to do about it.
#[component]
pub fn EmptyState(
    /// The drawing above.
    icon: Glyph,
    /// What is so, in a few words.
    #[prop(into)]
    title: String,
    /// Why, or what to do, in a sentence.
    #[prop(into)]
    sentence: String,
    /// The buttons that help.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <span class="empty-state-icon"><Icon glyph=icon/></span>
            <h2 class="empty-state-title">{title}</h2>
            <p class="empty-state-sentence">{sentence}</p>
            {children.map(|children| view! { <div class="empty-state-actions">{children()}</div> })}
        </div>
    }
}
