//! Successful responses: JSON with status 200, the only status that the published client reads as success.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Json};
use futures_util::Stream;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName};
use model::key::{Key, KeyVersion};
use serde::Serialize;
use utoipa::ToSchema;

/// What confirmations say to people.
pub(in crate::api) const DONE: &str = "Successfully completed";

pub(in crate::api) fn ok(body: impl Serialize) -> Response {
    Json(body).into_response()
}

/// Responds with JSON that is written part by part. If a part fails, the connection is closed in the middle of the
/// response.
pub(in crate::api) fn streamed<E>(parts: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Response
where
    E: Into<BoxError> + 'static,
{
    let mut response = Body::from_stream(parts).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Responds with a body that contains a secret. `no-store` keeps caches from storing it.
pub(in crate::api) fn secret(body: impl Serialize) -> Response {
    let mut response = ok(body);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Adds the `ETag` of the key's version, for a later `If-Match`.
pub(in crate::api) fn tagged(mut response: Response, key: &Key) -> Response {
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", KeyVersion::of(key).to_text())) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Marks a response as a repetition of an earlier one.
pub(in crate::api) fn mark_repeated(response: &mut Response) {
    let name = HeaderName::from_static("idempotent-replayed");
    response.headers_mut().insert(name, HeaderValue::from_static("true"));
}

/// Responds with success when there is nothing to return.
pub(in crate::api) fn done() -> Response {
    ok(GenericSuccessResponse { message: DONE, success: true })
}

/// The confirmation of a success.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct GenericSuccessResponse {
    #[schema(examples("Successfully completed"))]
    message: &'static str,
    #[schema(examples(true))]
    success: bool,
}
