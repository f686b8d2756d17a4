//! The reference at `/docs`: the description of the API as a page for people. Written by the server, without scripts, and
//! with nothing from elsewhere.

mod curl;
mod html;
mod operation;
mod page;
mod schema;
mod words;

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

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
static STRANGERS: LazyLock<String> = LazyLock::new(page::write_for_strangers);
const HTML: &str = "text/html; charset=utf-8";

/// `GET /docs`
pub async fn page() -> Response {
    answer(HTML, PAGE.as_str())
}

/// `GET /docs/style.css`
pub async fn style() -> Response {
    answer("text/css; charset=utf-8", STYLE)
}

/// What people see at `/docs` who have to sign in first.
pub fn for_strangers() -> Response {
    let headers = [(CONTENT_TYPE, HTML), (CONTENT_SECURITY_POLICY, POLICY)];
    (StatusCode::UNAUTHORIZED, headers, STRANGERS.as_str()).into_response()
}

fn answer(kind: &'static str, content: &'static str) -> Response {
    let headers =
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, content).into_response()
}
