//! A small label for a status or a kind.

use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;
use super::tone::Tone;

/// Give it an icon for a status, and none for a kind such as a role.
#[component]
pub fn Badge(
    #[prop(optional, into)] tone: Signal<Tone>,
    /// Has the same meaning as the colour.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <span class=move || format!("badge {}", tone.get().class())>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="badge-text">{children()}</span>
        </span>
    }
}
