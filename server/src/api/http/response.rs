//! Successful responses: JSON with status 200, the only status that the published client reads as success.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, ETAG, HeaderName};
use model::key::{Key, KeyVersion};
use serde::Serialize;
use utoipa::ToSchema;

pub(in crate::api) fn ok(body: impl Serialize) -> Response {
    Json(body).into_response()
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
    ok(GenericSuccessResponse { message: "Successfully completed", success: true })
}

/// The confirmation of a success.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct GenericSuccessResponse {
    #[schema(examples("Successfully completed"))]
    message: &'static str,
    #[schema(examples(true))]
    success: bool,
}
