//! Bodies are small: read whole, up to a limit, before a handler sees the request.

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_LENGTH},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use model::problem::Code;

use crate::api::problem::refuse;

/// The longest body that is read.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// Refuses bodies that are too long, by their announced length without reading any of it, or that are compressed, which
/// would make their length meaningless.
pub async fn limit_body(request: Request, next: Next) -> Response {
    if let Some(refusal) = refusal(request.headers()) {
        return refusal;
    }
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(body) => next.run(Request::from_parts(head, Body::from(body.to_bytes()))).await,
        Err(error) if error.is::<LengthLimitError>() => too_long(),
        Err(_) => {
            let message = "The body of the request could not be read to its end.";
            refuse(Code::BadRequest, message)
        }
    }
}

fn refusal(headers: &HeaderMap) -> Option<Response> {
    let is_compressed = headers.get_all(CONTENT_ENCODING).iter().any(|coding| coding != "identity");
    if is_compressed {
        let message = "Send the body as it is, without a content coding.";
        return Some(refuse(Code::UnsupportedMediaType, message));
    }
    let length = headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok()?;
    (length > BODY_BYTES_MAX as u64).then(too_long)
}

fn too_long() -> Response {
    let message = "The body of the request may be at most 64 KiB long.";
    refuse(Code::PayloadTooLarge, message)
}
