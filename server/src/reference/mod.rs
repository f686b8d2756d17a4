//! The reference at `/docs`: the description of the API as a page for people. Written by the server, without scripts, and
//! with nothing from elsewhere.

mod curl;
mod html;
mod operation;
mod page;
mod sample;
mod schema;
mod words;

use std::sync::LazyLock;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};

use crate::api::openapi;

/// The console's colours and type, and what this page adds.
const STYLE: &str = concat!(
    include_str!("../../../style/tokens.css"),
    include_str!("../../../style/base.css"),
    include_str!("../../../style/ui/skip_link.css"),
    include_str!("../../../style/ui/logo.css"),
    include_str!("../../../style/reference.css"),
);
/// Nothing runs here, and all that is loaded is ours.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

static PAGE: LazyLock<String> = LazyLock::new(|| page::write(openapi::document()));

/// The page and its stylesheet.
pub fn routes() -> Router {
    Router::new().route("/docs", get(page)).route("/docs/style.css", get(style))
}

async fn page() -> Response {
    answer("text/html; charset=utf-8", PAGE.as_str())
}

async fn style() -> Response {
    answer("text/css; charset=utf-8", STYLE)
}

fn answer(kind: &'static str, content: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, content).into_response()
}
