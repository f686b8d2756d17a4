//! A box for a remark that must not be missed.

use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;
use super::tone::Tone;

#[component]
pub fn Callout(
    /// `Neutral` is for plain information.
    #[prop(optional)]
    tone: Tone,
    /// The point of the remark, in a few words.
    #[prop(optional, into)]
    title: Option<String>,
    /// Makes screen readers read the callout as soon as it appears.
    #[prop(optional)]
    alert: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("callout {}", tone.class()) role=alert.then_some("alert")>
            <Icon glyph=glyph_of(tone)/>
            <div class="callout-body">
                {title.map(|title| view! { <p class="callout-title">{title}</p> })}
                <div class="callout-text">{children()}</div>
            </div>
        </div>
    }
}

const fn glyph_of(tone: Tone) -> Glyph {
    match tone {
        Tone::Neutral | Tone::Accent => Glyph::Info,
        Tone::Success => Glyph::CircleCheck,
        Tone::Warning => Glyph::Warning,
        Tone::Danger => Glyph::CircleAlert,
    }
}
