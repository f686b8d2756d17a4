//! The theme that a person has chosen. The server reads it before it writes a page, so that the page never appears in
//! the wrong colours first.

/// The value for `data-theme` of the document: `light`, `dark`, or `None`, which leaves the choice to the system.
///
/// The choice comes from the cookie `theme`. Only these two words are ever written into a page.
pub fn requested_theme() -> Option<&'static str> {
    let parts = leptos::prelude::use_context::<http::request::Parts>()?;
    let cookies = parts.headers.get_all(http::header::COOKIE).iter();
    cookies.filter_map(|value| value.to_str().ok()).find_map(theme_in_cookies)
}

fn theme_in_cookies(cookies: &str) -> Option<&'static str> {
    cookies.split(';').find_map(|cookie| match cookie.trim().split_once('=')? {
        ("theme", "light") => Some("light"),
        ("theme", "dark") => Some("dark"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::theme_in_cookies;

    #[test]
    fn a_theme_cookie_is_found_among_others() {
        assert_eq!(theme_in_cookies("a=b; theme=dark; c"), Some("dark"));
        assert_eq!(theme_in_cookies("theme=light"), Some("light"));
    }

    #[test]
    fn unknown_values_of_the_cookie_leave_the_theme_to_the_system() {
        assert_eq!(theme_in_cookies(""), None);
        assert_eq!(theme_in_cookies("theme=\"><script>"), None);
        assert_eq!(theme_in_cookies("xtheme=dark"), None);
    }
}
