//! What happened, the latest first.

use leptos::prelude::*;

use super::{glyph::Glyph, icon::Icon, tone::Tone};

/// A list of what happened.
#[component]
pub fn Timeline(
    /// What it is the history of, for screen readers.
    #[prop(into)]
    label: String,
    /// [`TimelineEntry`]s.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline" aria-label=label>{children()}</ol> }
}

/// One thing that happened.
#[component]
pub fn TimelineEntry(
    /// The drawing on the line.
    icon: Glyph,
    /// What its colour means.
    #[prop(optional)]
    tone: Tone,
    /// Who did what, in a sentence.
    #[prop(into)]
    title: ViewFnOnce,
    /// When: a relative time.
    #[prop(into)]
    when: ViewFnOnce,
    /// Before and after, address, request id.
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
