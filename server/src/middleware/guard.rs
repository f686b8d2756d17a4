//! Protects the console against requests from other sites.
//!
//! The console authenticates by a cookie, which the browser also sends with requests that a foreign page triggers. So a
//! request must name one of the console's hosts, and a request that can change something must come from the console's
//! own pages. Only the head of the request is needed to decide this, so the body is not read first.

use std::borrow::Cow;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{HOST, LOCATION, REFERER};
use http::{HeaderMap, HeaderValue, Method};
use model::leaked_secret::holds_secret;
use model::problem::Code;

use super::misdirected::misdirected;
use super::over_tls::{must_use_tls, to_tls};
use super::own_origin::own_origin;
use crate::api::http::problem::refuse;
use crate::config::Origin;
use crate::state::AppState;

/// Refuses requests with a foreign host name, and changes from foreign pages.
pub async fn guard_console(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if must_use_tls(&request, &state) {
        return to_tls(&request, &state);
    }
    let own = own_origins(request.headers(), &state);
    let origins = own.as_ref();
    if !has_console_host(&request, origins) {
        return misdirected(request.headers(), origins, &state);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        && !is_from_console(request.headers(), origins)
    {
        let message = "The request came from another site. Open the console and try again there.";
        return refuse(Code::Forbidden, message);
    }
    strip_foreign_referrer(request.headers_mut(), origins);
    let mut response = next.run(request).await;
    strip_leaked_secret(response.headers_mut());
    with_known_errors(response.headers_mut());
    response
}

/// The origins that count as the console's for a request with these headers.
///
/// Without a public address, the console answers under its own names with any port, because a container or a tunnel may
/// publish it under another port. The request then names its own origin in `Host`, and no other one counts: a page of
/// another program on this machine, which has another port, is foreign. The names are those of this machine, and those
/// of the certificate if there is TLS. A name that leads here by DNS rebinding is none of them.
fn own_origins<'a>(headers: &HeaderMap, state: &'a AppState) -> Cow<'a, [Origin]> {
    let own = match headers.get(HOST).and_then(|host| host.to_str().ok()) {
        Some(host) if !state.has_public_url() => own_origin(host, state.console_origins(), state.has_tls()),
        _ => None,
    };
    own.map_or(Cow::Borrowed(state.console_origins()), |own| Cow::Owned(vec![own]))
}

pub(crate) fn has_console_host(request: &Request, origins: &[Origin]) -> bool {
    let is_console = |host: &str| origins.iter().any(|origin| origin.has_host(host));
    let mut hosts = request.headers().get_all(HOST).iter();
    let named_once = match (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) {
        (Some(host), None) => is_console(host),
        _ => false,
    };
    // The request line may contain an authority too. Both must be right, because a proxy in front may have used either.
    named_once && request.uri().authority().is_none_or(|authority| is_console(authority.as_str()))
}

/// Browsers report where a request comes from in `Origin`, and newer ones also in `Sec-Fetch-Site`. At least one of the
/// two must be present, and each one present must be right. Forwarded headers are ignored: a foreign page cannot set
/// them, but a misconfigured proxy can.
pub(crate) fn is_from_console(headers: &HeaderMap, origins: &[Origin]) -> bool {
    let origin =
        only(headers, "origin", |origin| origins.iter().any(|own| origin == own.to_string().as_str()));
    let site = only(headers, "sec-fetch-site", |site| site == "same-origin");
    match (origin, site) {
        (Some(origin), Some(site)) => origin && site,
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => false,
    }
}

/// Checks a header: `None` if it is absent, and `false` if it appears twice.
fn only(headers: &HeaderMap, name: &str, is_right: impl Fn(&HeaderValue) -> bool) -> Option<bool> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(values.next().is_none() && is_right(first))
}

/// Removes a foreign referrer. A plain form post is answered with a redirect to its referrer, so a foreign one would
/// create an open redirect.
pub(crate) fn strip_foreign_referrer(headers: &mut HeaderMap, origins: &[Origin]) {
    let is_own = headers.get(REFERER).and_then(|value| value.to_str().ok()).is_some_and(|referrer| {
        origins.iter().any(|origin| {
            referrer
                .strip_prefix(&origin.to_string())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    });
    if !is_own {
        headers.remove(REFERER);
    }
}

/// Removes a leaked secret from a redirect. Otherwise the secret in the requested address would be carried on as the
/// address that the sign-in page returns to.
fn strip_leaked_secret(headers: &mut HeaderMap) {
    let Some(location) = headers.get(LOCATION).and_then(|value| value.to_str().ok()) else { return };
    if holds_secret(location) {
        let path = location.split(['?', '#']).next().filter(|path| !holds_secret(path));
        let location = HeaderValue::from_str(path.unwrap_or("/"));
        headers.insert(LOCATION, location.unwrap_or(HeaderValue::from_static("/")));
    }
}

/// Replaces the error in a redirect by one that pages accept. The redirect after a refused plain form carries the error
/// in the page's address, where a page cannot tell our texts from forged ones. So pages accept only a fixed set of
/// errors from an address.
fn with_known_errors(headers: &mut HeaderMap) {
    let Some(location) = headers.get(LOCATION).and_then(|value| value.to_str().ok()) else { return };
    let known = location
        .split_once('?')
        .and_then(|(page, query)| Some(format!("{page}?{}", app::form_errors::with_known_errors(query)?)))
        .and_then(|location| HeaderValue::try_from(location).ok());
    if let Some(location) = known {
        headers.insert(LOCATION, location);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_from_console(&headers.collect(), &[Origin::local("localhost", 3000)])
    }

    #[test]
    fn another_port_of_this_machine_is_another_origin() {
        let fixed = [Origin::local("127.0.0.1", 3000), Origin::local("localhost", 3000)];
        let is_own = |host: &'static str, origin: &'static str| {
            let headers = [(HOST, host), (http::header::ORIGIN, origin)];
            let headers: HeaderMap =
                headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
            let own = own_origin(host, &fixed, false).map_or(fixed.to_vec(), |own| vec![own]);
            let mut request = Request::new(axum::body::Body::empty());
            *request.headers_mut() = headers.clone();
            has_console_host(&request, &own) && is_from_console(&headers, &own)
        };
        for (host, origin, expected) in [
            ("localhost:8080", "http://localhost:8080", true),
            ("LOCALHOST:8080", "http://localhost:8080", true),
            ("[::1]:8080", "http://[::1]:8080", true),
            ("localhost", "http://localhost", true),
            ("localhost:8080", "http://localhost:3000", false),
            ("localhost:3000", "http://localhost:8080", false),
            ("localhost:8080", "http://127.0.0.1:8080", false),
            ("localhost:8080", "https://localhost:8080", false),
            ("evil.example:8080", "http://evil.example:8080", false),
            ("localhost.evil.example:8080", "http://localhost.evil.example:8080", false),
            ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example", false),
            ("192.168.0.2:3000", "http://192.168.0.2:3000", false),
        ] {
            assert_eq!(is_own(host, origin), expected, "{host} {origin}");
        }
    }

    #[test]
    fn a_change_from_the_console_is_accepted() {
        assert!(passes(&[("origin", "http://localhost:3000")]));
        assert!(passes(&[("origin", "http://localhost:3000"), ("sec-fetch-site", "same-origin")]));
        assert!(passes(&[("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn a_change_from_anywhere_else_is_refused() {
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost:3001",
            "https://localhost:3000",
            "http://localhost.evil.example:3000",
            "http://localhost:3000.evil.example",
            "http://LOCALHOST:3000",
            "",
        ] {
            assert!(!passes(&[("origin", origin)]), "{origin}");
            assert!(!passes(&[("origin", origin), ("sec-fetch-site", "same-origin")]), "{origin}");
            assert!(!passes(&[("origin", origin), ("x-forwarded-host", "localhost:3000")]), "{origin}");
        }
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!passes(&[("sec-fetch-site", site)]), "{site}");
            assert!(!passes(&[("origin", "http://localhost:3000"), ("sec-fetch-site", site)]), "{site}");
        }
        assert!(!passes(&[]));
    }

    #[test]
    fn a_redirect_contains_no_secret() {
        let key = model::key::PlainKey::from_random(
            &model::key::KeyPrefix::default(),
            "0123456789abcdefghijABCDEFGHIJxy",
        );
        for (before, after) in [
            (format!("/login?next=/keys/{}", key.reveal()), "/login"),
            (format!("/{}", key.reveal()), "/"),
            ("/login?next=/keys/key_1".to_owned(), "/login?next=/keys/key_1"),
        ] {
            let mut headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_str(&before).unwrap())]);
            strip_leaked_secret(&mut headers);
            assert_eq!(headers[LOCATION], after);
        }
    }

    #[test]
    fn only_a_referrer_of_the_console_is_kept() {
        for (referrer, kept) in [
            ("http://localhost:3000/keys?page=2", true),
            ("http://localhost:3000", true),
            ("http://localhost:30001/", false),
            ("http://localhost:3000@evil.example/", false),
            ("https://evil.example/", false),
        ] {
            let mut headers = HeaderMap::from_iter([(REFERER, HeaderValue::from_static(referrer))]);
            strip_foreign_referrer(&mut headers, &[Origin::local("localhost", 3000)]);
            assert_eq!(headers.contains_key(REFERER), kept, "{referrer}");
        }
    }
}
