//! Draws an icon. It always stands beside a text or inside a control that has a name, so it is hidden from screen
//! readers.

use leptos::prelude::*;

use super::glyph::Glyph;

/// Draws the icon in the colour of the surrounding text.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
}
