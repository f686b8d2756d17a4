//! Who calls a server function: the service in the context, the session in the cookie.

use http::{header, request::Parts};
use leptos::prelude::use_context;
use model::{
    problem::{Code, Problem},
    session::Me,
};
use service::{Caller, Origin, Service};

use super::Answer;

/// The session's cookie. The prefix `__Host-` makes browsers refuse it from anywhere but this very host over HTTPS (or
/// the own machine), so that no neighbouring site can plant one.
pub(crate) const COOKIE: &str = "__Host-keystead";

/// Who asks for a page, by the session that the browser brought along.
pub(crate) async fn person(service: &Service, parts: &Parts) -> service::Result<Me> {
    let token = token_of(parts).unwrap_or_default();
    service.me(&service.authenticate_session(token, origin_of(parts)).await?).await
}

/// The service, for what needs no session.
pub(crate) fn service() -> Answer<Service> {
    let missing = || Problem::new(Code::Internal, "The server failed. Try again.").into();
    use_context::<Service>().ok_or_else(missing)
}

/// The service and the person who is signed in. The first line of every server function but the open ones.
pub(crate) async fn signed_in() -> Answer<(Service, Caller)> {
    let service = service()?;
    let token = session_token().unwrap_or_default();
    let caller = service.authenticate_session(&token, origin()).await?;
    Ok((service, caller))
}

/// Where the request comes from, as the server's middleware found out.
pub(crate) fn origin() -> Origin {
    use_context::<Parts>().map(|parts| origin_of(&parts)).unwrap_or_default()
}

/// Where a request comes from.
pub(crate) fn origin_of(parts: &Parts) -> Origin {
    parts.extensions.get::<Origin>().cloned().unwrap_or_default()
}

/// Whether the browser brought a session along, valid or not.
pub(crate) fn has_session_cookie() -> bool {
    session_token().is_some_and(|token| !token.is_empty())
}

/// What the cookie holds.
fn session_token() -> Option<String> {
    use_context::<Parts>().and_then(|parts| token_of(&parts).map(str::to_owned))
}

fn token_of(parts: &Parts) -> Option<&str> {
    let cookies = parts.headers.get_all(header::COOKIE).iter();
    cookies.filter_map(|value| value.to_str().ok()).find_map(token_in)
}

fn token_in(cookies: &str) -> Option<&str> {
    cookies.split(';').find_map(|cookie| match cookie.trim().split_once('=')? {
        (COOKIE, token) => Some(token),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::token_in;

    #[test]
    fn the_session_is_found_among_other_cookies() {
        assert_eq!(token_in("theme=dark; __Host-keystead=abc"), Some("abc"));
        assert_eq!(token_in("__Host-keystead=abc;x"), Some("abc"));
    }

    #[test]
    fn another_cookie_is_no_session() {
        for cookies in
            ["", "keystead=abc", "x__Host-keystead=abc", "__host-keystead=abc", "a=__Host-keystead"]
        {
            assert_eq!(token_in(cookies), None, "{cookies}");
        }
    }
}
