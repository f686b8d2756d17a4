//! A list of events, the latest first.

use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;
use super::tone::Tone;

#[component]
pub fn Timeline(
    /// What the history is about, for screen readers.
    #[prop(into)]
    label: String,
    /// [`TimelineEntry`]s.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline" aria-label=label>{children()}</ol> }
}

#[component]
pub fn TimelineEntry(
    icon: Glyph,
    #[prop(optional)] tone: Tone,
    /// Who did what, in one sentence.
    #[prop(into)]
    title: ViewFnOnce,
    /// When it happened, as a relative time.
    #[prop(into)]
    when: ViewFnOnce,
    /// Details, such as the values before and after, the client's address and the request id.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class=format!("timeline-entry {}", tone.class())>
            <span class="timeline-icon"><Icon glyph=icon/></span>
            <div class="timeline-head">
                <p class="timeline-title">{title.run()}</p>
                <span class="timeline-when">{when.run()}</span>
            </div>
            {children.map(|children| view! { <div class="timeline-detail">{children()}</div> })}
        </li>
    }
}
