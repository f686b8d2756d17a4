//! One drawing of the icon set. Always beside a word or inside a control that has a name, hence hidden from readers.

use leptos::prelude::*;

use super::glyph::Glyph;

/// Draws an icon in the colour of the text around it.
#[component]
pub fn Icon(
    /// Which drawing.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
}
