//! Reads the request bodies of the console.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::http::body::read_body;
use crate::api::http::problem::Refusal;

/// Reads the body before the console sees the request. The REST API reads bodies itself, after it has authenticated the
/// caller.
pub async fn limit_body(request: Request, next: Next) -> Response {
    match read_body(request).await {
        Ok((head, body)) => next.run(Request::from_parts(head, Body::from(body))).await,
        Err(unread) => Refusal(unread.into_problem()).into_response(),
    }
}
