//! Finds the caller of a server function by the session cookie, and the service in the context.

use http::header;
use http::request::Parts;
use leptos::prelude::use_context;
use model::problem::{Code, Problem};
use model::session::Me;
use service::{Caller, RequestContext, Service};

use super::FnResult;
use crate::failures::FAILED;

/// The name of the session cookie. Because of the prefix `__Host-`, browsers accept the cookie only from exactly this
/// host over HTTPS, or from the local machine. So another site of the same domain cannot set one.
pub(crate) const COOKIE: &str = "__Host-keystead";

/// The person who requests a page, found by their session cookie.
pub(crate) async fn person(service: &Service, parts: &Parts) -> service::Result<Me> {
    service.me(&caller_of(service, parts).await?).await
}

/// The signed-in caller of a request, found by the session cookie.
pub async fn caller_of(service: &Service, parts: &Parts) -> service::Result<Caller> {
    service.authenticate_session(token_of(parts).unwrap_or_default(), context_of(parts)).await
}

/// The service, for server functions that need no session.
pub(crate) fn service() -> FnResult<Service> {
    let missing = || Problem::new(Code::Internal, FAILED).into();
    use_context::<Service>().ok_or_else(missing)
}

/// The service and the signed-in caller. Every server function that needs a session calls this first.
pub(crate) async fn signed_in() -> FnResult<(Service, Caller)> {
    let service = service()?;
    let token = session_token().unwrap_or_default();
    let caller = service.authenticate_session(&token, context()).await?;
    Ok((service, caller))
}

/// The request context of the current request, as the server's middleware determined it.
pub(crate) fn context() -> RequestContext {
    use_context::<Parts>().map(|parts| context_of(&parts)).unwrap_or_default()
}

/// The request context of a request.
pub(crate) fn context_of(parts: &Parts) -> RequestContext {
    parts.extensions.get::<RequestContext>().cloned().unwrap_or_default()
}

/// Whether the current request has a session cookie, valid or not.
pub(crate) fn has_session_cookie() -> bool {
    session_token().is_some_and(|token| !token.is_empty())
}

/// The value of the session cookie.
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
