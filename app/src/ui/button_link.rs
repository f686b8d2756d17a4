//! A link that looks like a button, for a main action that has a page of its own.

use leptos::prelude::*;

use super::button::ButtonKind;
use super::glyph::Glyph;
use super::icon::Icon;

/// Use it for navigation only. For an action on the page, use a button.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    /// Shown before the text.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Reduces the height, for table rows and other dense layouts.
    #[prop(optional)]
    small: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class() class:button-small=small href=href>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="button-text">{children()}</span>
        </a>
    }
}
