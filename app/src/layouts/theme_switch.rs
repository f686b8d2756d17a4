//! The switch between the light theme, the dark theme and the one of the system.

use leptos::prelude::*;

use crate::state::theme::{Theme, use_theme};
use crate::ui::{Glyph, Icon};

/// Switches the theme at once and remembers the choice.
#[component]
pub fn ThemeSwitch(
    /// The id of the group, unique in the page.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let theme = use_theme();
    let button = move |choice: Theme, glyph: Glyph, name: &'static str| {
        view! {
            <button
                type="button"
                class="theme-choice"
                aria-pressed=move || if theme.get() == choice { "true" } else { "false" }
                aria-label=name
                title=name
                on:click=move |_| theme.choose(choice)
            >
                <Icon glyph/>
            </button>
        }
    };
    view! {
        <div class="theme-switch" role="group" aria-label="Theme" id=id>
            {button(Theme::Light, Glyph::Sun, "Light")}
            {button(Theme::Dark, Glyph::Moon, "Dark")}
            {button(Theme::System, Glyph::Monitor, "System")}
        </div>
    }
}
