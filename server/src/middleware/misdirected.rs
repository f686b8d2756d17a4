//! The answer to a request for the console under a name that is not its own: a page for people, and an error for
//! programs.

use axum::response::{Html, IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY, HOST, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::problem::Code;

use crate::api::http::problem::refuse;
use crate::config::Origin;
use crate::request_id::RequestId;
use crate::state::AppState;

/// A longer name is cut to this many characters. Names in DNS have at most 253.
const ASKED_LENGTH_MAX: usize = 260;
const STYLE: &str = include_str!("../../../style/misdirected.css");

/// Answers with the address that works and with what to set. `origins` are the addresses of the console, the one to
/// show first.
pub(super) fn misdirected(headers: &HeaderMap, origins: &[Origin], state: &AppState) -> Response {
    let address = origins.first().map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "The console is not available at this address. Open {address}, or set KEYSTEAD_PUBLIC_URL to the address that you \
         use."
    );
    let mut response = refuse(Code::MisdirectedRequest, &message);
    if wants_page(headers) {
        let nonce = RequestId::make();
        let page = Html(page(&asked(headers), &address, Names::of(state), nonce.as_str()));
        response = (StatusCode::MISDIRECTED_REQUEST, page).into_response();
        if let Ok(policy) = HeaderValue::try_from(policy(nonce.as_str())) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

/// The names at which the console answers.
#[derive(Debug, Clone, Copy)]
enum Names {
    PublicUrl,
    OfCertificate,
    OfThisMachine,
}

impl Names {
    fn of(state: &AppState) -> Self {
        match (state.has_public_url(), state.has_tls()) {
            (true, _) => Self::PublicUrl,
            (false, true) => Self::OfCertificate,
            (false, false) => Self::OfThisMachine,
        }
    }
}

/// Browsers accept HTML by name. Programs usually accept anything.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    accepted
        .flat_map(|accept| accept.split(','))
        .any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/html")))
}

/// The host that the request names, as text that is escaped where it is written.
fn asked(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
    host.unwrap_or_default().chars().take(ASKED_LENGTH_MAX).collect()
}

/// Only the page's own style, which has the nonce, is applied.
fn policy(nonce: &str) -> String {
    format!("default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'")
}

fn page(asked: &str, address: &str, names: Names, nonce: &str) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Another address · Keystead" }
                style nonce=(nonce) { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "The console has another address" }
                    p {
                        "This request asked for "
                        @if asked.is_empty() { "no host" } @else { strong { (asked) } }
                        ". The console answers at " a href=(address) { (address) } "."
                    }
                    (advice(names))
                }
            }
        }
    };
    document.into_string()
}

fn advice(names: Names) -> Markup {
    match names {
        Names::PublicUrl => html! {
            p {
                "Behind a proxy, let the proxy pass on the "
                code { "Host" } " header of the browser. If the console has moved, set "
                code { "public_url" } " (" code { "KEYSTEAD_PUBLIC_URL" } ") to the new address."
            }
        },
        Names::OfCertificate => html! {
            p {
                "Without a public address, it answers under the names of its certificate and, on this machine, at "
                code { "localhost" } ", " code { "127.0.0.1" } " and " code { "[::1]" }
                ". To open it under another name, set " code { "public_url" } " (" code { "KEYSTEAD_PUBLIC_URL" }
                ") to the https address that people open."
            }
        },
        Names::OfThisMachine => html! {
            p {
                "Without a public address, it answers only on this machine: at "
                code { "localhost" } ", " code { "127.0.0.1" } " and " code { "[::1]" }
                ", with any port that leads here. To open it under another name, set "
                code { "public_url" } " (" code { "KEYSTEAD_PUBLIC_URL" }
                ") to the https address that people open. Behind a proxy, let the proxy also pass on the "
                code { "Host" } " header of the browser."
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_bytes(value.as_bytes()).unwrap())])
    }

    #[test]
    fn only_who_names_html_gets_a_page() {
        for (accept, is_page) in [
            ("text/html,application/xhtml+xml,*/*;q=0.8", true),
            ("application/json, TEXT/HTML;q=0.9", true),
            ("*/*", false),
            ("application/json", false),
            ("text/htmlx", false),
            ("", false),
        ] {
            assert_eq!(wants_page(&headers(ACCEPT, accept)), is_page, "{accept}");
        }
        assert!(!wants_page(&HeaderMap::new()));
    }

    #[test]
    fn the_name_that_was_asked_for_is_escaped_and_bounded() {
        let hostile = format!("<script>alert(1)</script>\"'&{}", "x".repeat(10_000));
        let page =
            page(&asked(&headers(HOST, &hostile)), "http://127.0.0.1:3000", Names::OfThisMachine, "nonce");
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script"), "{page}");
        assert!(page.len() < 4000, "{}", page.len());
    }
}
