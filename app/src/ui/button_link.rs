//! A link that looks like a button, for the primary action that is a page of its own.

use leptos::prelude::*;

use super::{button::ButtonKind, glyph::Glyph, icon::Icon};

/// A link with a button's weight. It goes somewhere; what does something is a button.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How much weight it carries.
    #[prop(optional)]
    kind: ButtonKind,
    /// A drawing before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Lower, for rows and dense places.
    #[prop(optional)]
    small: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class() class:button-small=small href=href>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="button-text">{children()}</span>
        </a>
    }
}
