//! The theme that the user has chosen: light, dark, or the one of the system.
//!
//! The choice is stored in the cookie `theme`, so that the server can write it into the document before it sends the
//! first byte. Without a choice, the stylesheet follows the system.

use leptos::prelude::*;

/// The colours of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    /// The value in the cookie and in `data-theme`. `None` for the theme of the system.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
            Self::System => None,
        }
    }

    /// The theme that a value of the cookie means. Unknown values mean the theme of the system.
    pub fn from_word(word: Option<&str>) -> Self {
        match word {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The chosen theme, shared by all components.
#[derive(Clone, Copy, Debug)]
pub struct ThemeState(RwSignal<Theme>);

impl ThemeState {
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Switches to a theme and stores the choice in the cookie.
    pub fn choose(self, theme: Theme) {
        self.0.set(theme);
        apply(theme);
    }
}

/// Provides the theme to every component below. Called once, by the console's root.
pub fn provide_theme() {
    provide_context(ThemeState(RwSignal::new(Theme::from_word(requested().as_deref()))));
}

/// The theme of the page. If none was provided, a new state that starts with the theme of the system.
pub fn use_theme() -> ThemeState {
    use_context().unwrap_or_else(|| ThemeState(RwSignal::new(Theme::System)))
}

#[cfg(feature = "ssr")]
fn requested() -> Option<String> {
    crate::theme::requested_theme().map(str::to_owned)
}

/// Reads what the server wrote into the document, so that both start with the same theme.
#[cfg(not(feature = "ssr"))]
fn requested() -> Option<String> {
    document().document_element()?.get_attribute("data-theme")
}

/// One year, in seconds. Browsers keep a cookie for about that long at most.
const COOKIE_SECONDS: u32 = 31_536_000;

fn apply(theme: Theme) {
    use web_sys::js_sys::Reflect;

    let document = document();
    if let Some(root) = document.document_element() {
        let _ = match theme.word() {
            Some(word) => root.set_attribute("data-theme", word),
            None => root.remove_attribute("data-theme"),
        };
    }
    let cookie = match theme.word() {
        Some(word) => format!("theme={word}; path=/; max-age={COOKIE_SECONDS}; samesite=lax"),
        None => "theme=; path=/; max-age=0; samesite=lax".to_owned(),
    };
    let _ = Reflect::set(&document, &"cookie".into(), &cookie.into());
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn a_theme_can_be_read_from_its_cookie() {
        for theme in [Theme::Light, Theme::Dark, Theme::System] {
            assert_eq!(Theme::from_word(theme.word()), theme);
        }
        assert_eq!(Theme::from_word(Some("<script>")), Theme::System);
    }
}
