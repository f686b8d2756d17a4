//! The API reference at `/docs`: the OpenAPI document as a page for people. The server renders it. The page has no
//! scripts and loads nothing from other sites.

mod curl;
mod described;
mod introduction;
mod operation;
mod page;
mod parts;
mod schema;
mod words;

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use crate::api::openapi;

/// The stylesheets that the page shares with the console, and its own.
const STYLE: &str = concat!(
    include_str!("../../../style/tokens.css"),
    include_str!("../../../style/base.css"),
    include_str!("../../../style/ui/skip_link.css"),
    include_str!("../../../style/ui/logo.css"),
    include_str!("../../../style/reference.css"),
);
/// No scripts run, and everything that is loaded comes from this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

static PAGE: LazyLock<String> = LazyLock::new(|| page::write(openapi::document()));
static UNAUTHENTICATED: LazyLock<String> = LazyLock::new(page::write_for_unauthenticated);
const HTML: &str = "text/html; charset=utf-8";

/// `GET /docs`
pub async fn page() -> Response {
    answer(HTML, PAGE.as_str())
}

/// `GET /docs/style.css`
pub async fn style() -> Response {
    answer("text/css; charset=utf-8", STYLE)
}

/// The response at `/docs` for unauthenticated clients.
pub fn for_unauthenticated() -> Response {
    let headers = [(CONTENT_TYPE, HTML), (CONTENT_SECURITY_POLICY, POLICY)];
    (StatusCode::UNAUTHORIZED, headers, UNAUTHENTICATED.as_str()).into_response()
}

fn answer(kind: &'static str, content: &'static str) -> Response {
    let headers =
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, content).into_response()
}
