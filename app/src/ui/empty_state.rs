//! What is shown in place of an empty list.

use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;

/// Says why there is nothing, and what to do about it.
#[component]
pub fn EmptyState(
    icon: Glyph,
    /// The situation, in a few words.
    #[prop(into)]
    title: String,
    /// Why the list is empty, or what to do, in one sentence.
    #[prop(into)]
    sentence: String,
    /// Buttons for what to do next.
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
