//! The colours a person has chosen: light, dark, or whatever the system has.
//!
//! The choice lives in the cookie `theme`, so that the server writes it into the document before the first byte; without
//! a choice the stylesheet follows the system.

use leptos::prelude::*;

/// Which colours the console is drawn in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the system has it.
    #[default]
    System,
}

impl Theme {
    /// The word in the cookie and in `data-theme`; nothing for the system's choice.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
            Self::System => None,
        }
    }

    /// The theme that a word means; anything unknown is the system's choice.
    pub fn from_word(word: Option<&str>) -> Self {
        match word {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The chosen theme, as shared in the page.
#[derive(Clone, Copy, Debug)]
pub struct ThemeState(RwSignal<Theme>);

impl ThemeState {
    /// What is chosen now.
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Takes another theme: at once, and for the next visits.
    pub fn choose(self, theme: Theme) {
        self.0.set(theme);
        apply(theme);
    }
}

/// Makes the theme known to every component below. Called once, by the console's root.
pub fn provide_theme() {
    provide_context(ThemeState(RwSignal::new(Theme::from_word(requested().as_deref()))));
}

/// The theme of the page; a fresh one where none was provided.
pub fn use_theme() -> ThemeState {
    use_context().unwrap_or_else(|| ThemeState(RwSignal::new(Theme::System)))
}

#[cfg(feature = "ssr")]
fn requested() -> Option<String> {
    crate::theme::requested_theme().map(str::to_owned)
}

/// What the server wrote into the document, hence the same.
#[cfg(not(feature = "ssr"))]
fn requested() -> Option<String> {
    document().document_element()?.get_attribute("data-theme")
}

/// A year, in seconds: how long browsers keep a choice at most is about that.
const COOKIE_SECONDS: u32 = 31_536_000;

fn apply(theme: Theme) {
    use leptos::web_sys::js_sys::Reflect;

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
    fn a_theme_survives_its_cookie() {
        for theme in [Theme::Light, Theme::Dark, Theme::System] {
            assert_eq!(Theme::from_word(theme.word()), theme);
        }
        assert_eq!(Theme::from_word(Some("<script>")), Theme::System);
    }
}
