//! Reads request bodies whole, up to a limit, before anything is done with them.

use axum::body::Bytes;
use axum::extract::Request;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use model::problem::{Code, Problem};

pub const BODY_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug, Clone, Copy)]
pub enum BodyError {
    /// The body is compressed, so that its length would mean nothing.
    Compressed,
    /// The body is longer than the limit.
    TooLong,
    /// The client did not send the whole body.
    Cut,
}

/// Reads the body of a request. A body whose declared length is too long is refused without reading any of it.
pub async fn read_body(request: Request) -> Result<(Parts, Bytes), BodyError> {
    let (head, body) = request.into_parts();
    if let Some(unread) = refusal(&head.headers) {
        return Err(unread);
    }
    match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(body) => Ok((head, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(BodyError::TooLong),
        Err(_) => Err(BodyError::Cut),
    }
}

fn refusal(headers: &HeaderMap) -> Option<BodyError> {
    if headers.get_all(CONTENT_ENCODING).iter().any(|coding| coding != "identity") {
        return Some(BodyError::Compressed);
    }
    let length = headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok()?;
    (length > BODY_BYTES_MAX as u64).then_some(BodyError::TooLong)
}

impl BodyError {
    pub fn into_problem(self) -> Problem {
        let (code, message) = match self {
            Self::Compressed => {
                (Code::UnsupportedMediaType, "Send the body uncompressed, without a content coding.")
            }
            Self::TooLong => {
                (Code::PayloadTooLarge, "The body of the request is too large. Send at most 64 KiB.")
            }
            Self::Cut => (Code::BadRequest, "The body of the request could not be read to its end."),
        };
        Problem::new(code, message)
    }
}
