//! A state in a word with its icon.

use leptos::prelude::*;

use super::{glyph::Glyph, icon::Icon, tone::Tone};

/// A small label. With an icon for states, without one for kinds such as a role.
#[component]
pub fn Badge(
    /// What its colour means.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// The drawing that says the same as the colour.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=move || format!("badge {}", tone.get().class())>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="badge-text">{children()}</span>
        </span>
    }
}
