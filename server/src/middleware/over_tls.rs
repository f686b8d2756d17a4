//! Sends browsers from the plain port to the one with TLS.
//!
//! Only the console is open over TLS alone. Programs that call the API on the plain port are answered there: a redirect
//! would hide that they have sent their secret in the clear.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, HOST, LOCATION};
use http::{HeaderValue, Method};
use model::leaked_secret::holds_secret;
use model::problem::Code;

use super::misdirected::misdirected;
use super::own_origin::own_origin;
use crate::api::http::problem::refuse;
use crate::config::Origin;
use crate::state::AppState;

/// Marks a request that came over TLS, in its extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OverTls;

/// Whether a request for the console came in the clear, although there is a port with TLS. In front of a trusted proxy,
/// there may be TLS too. A redirect would lead back to the proxy.
pub(super) fn must_use_tls(request: &Request, state: &AppState) -> bool {
    state.has_tls() && request.extensions().get::<OverTls>().is_none() && !is_from_proxy(request, state)
}

fn is_from_proxy(request: &Request, state: &AppState) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    peer.is_some_and(|peer| state.trusted_proxies().iter().any(|network| network.contains(peer)))
}

/// Redirects a browser that opens a page. Refuses everything else: a form has already been sent in the clear, and a
/// program with a credential should learn that its address is wrong.
pub(super) fn to_tls(request: &Request, state: &AppState) -> Response {
    let origins = state.console_origins();
    let address = origins.first().map(ToString::to_string).unwrap_or_default();
    let opens_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.headers().contains_key(AUTHORIZATION);
    if !opens_page {
        let message = format!("The console is open only over https. Open {address} and try again there.");
        return refuse(Code::Forbidden, &message);
    }
    let Some(target) = target(request, state) else { return misdirected(request.headers(), origins, state) };
    let location = location(&target, request.uri());
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response()
}

/// The origin to redirect to: the public one, or the requested one with TLS. Never a name that is not the console's.
fn target(request: &Request, state: &AppState) -> Option<Origin> {
    let first = state.console_origins().first()?;
    if state.has_public_url() {
        return Some(first.clone());
    }
    let host = request.headers().get(HOST)?.to_str().ok()?;
    let own = own_origin(host, state.console_origins(), true)?;
    Some(Origin::secure(own.host(), first.port()))
}

/// The same page at another origin. A query with a secret is left out.
fn location(target: &Origin, uri: &http::Uri) -> HeaderValue {
    let whole = uri.path_and_query().map_or("/", |rest| rest.as_str());
    let kept = [whole, uri.path()].into_iter().find(|rest| rest.starts_with('/') && !holds_secret(rest));
    let location = format!("{target}{}", kept.unwrap_or("/"));
    HeaderValue::try_from(location).unwrap_or(HeaderValue::from_static("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_to_the_same_page_without_a_secret() {
        let target = Origin::secure("keys.example.com", 8443);
        let secret = model::key::PlainKey::from_random(
            &model::key::KeyPrefix::default(),
            "0123456789abcdefghijABCDEFGHIJxy",
        );
        for (uri, expected) in [
            ("/keys?page=2".to_owned(), "/keys?page=2"),
            ("//evil.example/a".to_owned(), "//evil.example/a"),
            ("http://keys.example.com/keys".to_owned(), "/keys"),
            (format!("/keys?search={}", secret.reveal()), "/keys"),
            (format!("/{}", secret.reveal()), "/"),
        ] {
            let location = location(&target, &uri.parse().unwrap());
            assert_eq!(location, format!("https://keys.example.com:8443{expected}"), "{uri}");
        }
    }
}
