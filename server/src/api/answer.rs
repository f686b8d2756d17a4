//! Answers of requests that succeed: JSON with status 200, which is the only one the published client reads.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, ETAG, HeaderName};
use model::key::{Key, KeyVersion};
use serde::Serialize;
use utoipa::ToSchema;

/// Answers with a body.
pub(super) fn ok(body: impl Serialize) -> Response {
    Json(body).into_response()
}

/// Answers with a body that holds a secret: nothing on the way may keep it.
pub(super) fn secret(body: impl Serialize) -> Response {
    let mut response = ok(body);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Says which state of a key the answer shows, for a later `If-Match`.
pub(super) fn tagged(mut response: Response, key: &Key) -> Response {
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", KeyVersion::of(key).to_text())) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Marks an answer as one that was given before.
pub(super) fn mark_repeated(response: &mut Response) {
    let name = HeaderName::from_static("idempotent-replayed");
    response.headers_mut().insert(name, HeaderValue::from_static("true"));
}

/// Answers that it is done, where there is nothing to show.
pub(super) fn done() -> Response {
    ok(GenericSuccessResponse { message: "Successfully completed", success: true })
}

/// It is done.
#[derive(Serialize, ToSchema)]
pub(super) struct GenericSuccessResponse {
    #[schema(examples("Successfully completed"))]
    message: &'static str,
    #[schema(examples(true))]
    success: bool,
}
