//! The page to show after signing in or after a form. It is part of the URL, so anybody can choose it. Therefore only
//! pages of this console are accepted.

use model::percent::{encode_path, has_whole_escapes};

use crate::paths;

/// The page that a person sees first after signing in.
pub const START: &str = paths::KEYS;

/// The requested page if it is certainly a page of this console, and the start page otherwise. This prevents open
/// redirects.
pub fn page_after_sign_in(next: Option<&str>) -> &str {
    next.filter(|next| is_own_page(next)).unwrap_or(START)
}

/// The path of the sign-in page from which the person returns to `page`. If a session `has_ended`, the sign-in page
/// says so.
pub fn sign_in_page(page: &str, has_ended: bool) -> String {
    let next = (page != paths::HOME && page != START && is_own_page(page))
        .then(|| format!("next={}", encode_path(page)));
    let parts: Vec<_> = next.into_iter().chain(has_ended.then(|| "ended".to_owned())).collect();
    paths::with_query(paths::LOGIN, &parts)
}

/// Whether a person can return to a page after signing in: to every page except those that need no signed-in user.
pub fn can_return_to(page: &str) -> bool {
    is_own_page(page)
}

/// The page to show after a form that appears on several pages: `back` if it is a page of this console, or `otherwise`.
pub fn page_after_form<'a>(back: Option<&'a str>, otherwise: &'a str) -> &'a str {
    back.filter(|back| is_own_page(back)).unwrap_or(otherwise)
}

/// Whether a text is the path of a page of this console, and no browser would read it as the address of another site.
/// Pages that need no signed-in user, such as `/login`, do not count.
///
/// Browsers read `//host`, `/\host` and, because they drop tabs and line breaks, even `/<tab>/host` as another host. A
/// decoder in between may turn `%2F` and `%5C` into one of these. Every escape must be complete, because incomplete
/// ones such as `%2%46` can decode to `%2F`, which the next decoder turns into a slash.
fn is_own_page(next: &str) -> bool {
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let lower = path.to_ascii_lowercase();
    next.len() <= 2000
        && next.starts_with('/')
        && next.bytes().all(|byte| byte.is_ascii_graphic())
        && !next.contains('\\')
        && !path.contains("//")
        && has_whole_escapes(path)
        && !["%2f", "%5c", "..", ";", "%00", "%09", "%0a", "%0d", "%25"]
            .iter()
            .any(|part| lower.contains(part))
        && ![paths::LOGIN, paths::SETUP, paths::INVITATION, paths::RESET, "/console/"]
            .iter()
            .any(|own| lower.starts_with(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_console_is_reached_after_signing_in() {
        for page in ["/keys", "/keys?view=revoked&search=a%20b", "/keys/key_ab12", "/members#top", "/?a=//b"]
        {
            assert_eq!(page_after_sign_in(Some(page)), page);
        }
    }

    #[test]
    fn no_other_site_is_reached_by_signing_in() {
        for page in [
            "",
            "keys",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "%2F%2Fevil.example",
            "/%2Fevil.example",
            "/%5Cevil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\u{1}//evil.example",
            " //evil.example",
            "/ /evil.example",
            "/keys\r\nSet-Cookie: a=b",
            "/..//evil.example",
            "/..;/evil",
            "/%252Fevil.example",
            "/\u{2215}evil.example",
            "/keys//evil.example",
            "/%2%46evil.example",
            "/%%32%46evil.example",
            "/%2%6%36%D/)%/s%89/k%6O32E/",
            "/keys/%",
            "/keys/%4",
            "/login?next=/login",
            "/reset?token=x",
            "/console/api/session/sign_out",
            "@evil.example",
            ".evil.example",
        ] {
            assert_eq!(page_after_sign_in(Some(page)), START, "{page:?}");
        }
        assert_eq!(page_after_sign_in(Some(&format!("/{}", "a".repeat(2000)))), START);
        assert_eq!(page_after_sign_in(None), START);
    }

    #[test]
    fn the_sign_in_page_leads_back() {
        assert_eq!(
            sign_in_page("/members?role=admin&page=2", false),
            "/login?next=/members%3Frole%3Dadmin%26page%3D2"
        );
        assert_eq!(sign_in_page("/keys", false), "/login");
        assert_eq!(sign_in_page("/keys", true), "/login?ended");
        assert_eq!(sign_in_page("//evil.example", false), "/login");
    }
}
