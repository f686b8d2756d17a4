//! The errors that operations share. The example of each is a real body.

use model::field::{FieldErrors, Rule};
use model::problem::{Code, DISK_FULL, Details, Problem};
use service::FAILED;
use utoipa::ToSchema;
use utoipa::openapi::content::{Content, ContentBuilder};
use utoipa::openapi::{Ref, RefOr, Response};

use super::headers;
use crate::api::http::failure::Failure;
use crate::api::http::problem::ErrorResponse;

/// A shared error: when it occurs, and an example of its message.
struct Shared {
    code: Code,
    when: &'static str,
    says: &'static str,
}

const fn shared(code: Code, when: &'static str, says: &'static str) -> Shared {
    Shared { code, when, says }
}

#[rustfmt::skip]
const SHARED: &[Shared] = &[
    shared(Code::BadRequest, "The request cannot be read.", "The body of the request could not be read to its end."),
    shared(Code::Unauthorized, "The credential is missing, unknown, revoked or expired. The response is the same in each \
                                case.",
        "Send a valid API key in the header Authorization, as Bearer <key>."),
    shared(Code::Forbidden, "The caller's key does not allow this.", "This needs the permission admin."),
    shared(Code::NotFound, "The resource does not exist, or it belongs to another organization. The response is the same \
                            in both cases.",
        "There is nothing at this address."),
    shared(Code::AlreadyExists, "The name is taken, or another request made a change at the same time.",
        "An active key with this name already exists."),
    shared(Code::PreconditionFailed, "The resource was changed in the meantime.",
        "This was changed in the meantime. Load it again, and repeat the request with its new ETag."),
    shared(Code::PayloadTooLarge, "The body is larger than 64 KiB.",
        "The body of the request is too large. Send at most 64 KiB."),
    shared(Code::UnsupportedMediaType, "The body has the wrong content type, or it is compressed.", "Send the body as application/json."),
    shared(Code::Validation, "The request has validation errors. All of them are reported together.", "Validation error"),
    shared(Code::TooManyRequests, "The key has reached its limit of requests in 60 seconds.", "Too many requests. Try again later."),
    shared(Code::Internal, "The server failed. Its log contains the cause under the request id.", FAILED),
    shared(Code::Unavailable, "The server cannot respond now. Try again.", "The database does not respond. Try again."),
    shared(Code::InsufficientStorage, "The disk of the database is full. Verifications go on.", DISK_FULL),
];

/// All shared errors as callers with a key receive them, by the names of their codes.
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Response>)> {
    codes().map(|code| (code.as_str().to_owned(), RefOr::T(shared_response(code, true))))
}

pub(super) fn codes() -> impl Iterator<Item = Code> {
    SHARED.iter().map(|shared| shared.code)
}

/// The shared response for a code. `is_limited` says whether the operation counts requests against a rate limit and
/// reports that limit in headers.
pub(super) fn shared_response(code: Code, is_limited: bool) -> Response {
    let when = SHARED.iter().find(|shared| shared.code == code).map_or("", |shared| shared.when);
    let mut response = Response::new(when);
    fill(&mut response, code, is_limited);
    response
}

/// An example of the error's message.
pub(super) fn says(code: Code) -> &'static str {
    SHARED.iter().find(|shared| shared.code == code).map_or("", |shared| shared.says)
}

/// The code that belongs to the status of an error.
pub(super) fn code_of(status: &str) -> Option<Code> {
    codes().find(|code| code.status().to_string() == status)
}

/// Adds the body and the headers that all errors with this code have.
pub(super) fn fill(response: &mut Response, code: Code, is_limited: bool) {
    let by_code: &[&str] = match code {
        Code::Unauthorized => &["WWW-Authenticate"],
        Code::TooManyRequests | Code::Unavailable => &["Retry-After"],
        _ => &[],
    };
    let of_limit = if is_limited && code != Code::Unauthorized { headers::OF_LIMIT } else { &[] };
    headers::add(response, by_code.iter().chain(of_limit).copied());
    response.content.insert("application/json".to_owned(), RefOr::T(content(code)));
}

fn content(code: Code) -> Content {
    let example = serde_json::to_value(ErrorResponse::of(&example(code))).ok();
    ContentBuilder::new().schema(Some(Ref::from_schema_name(ErrorResponse::name()))).example(example).build()
}

fn example(code: Code) -> Problem {
    if code == Code::Validation {
        let fields = FieldErrors::one("name", Rule::StringTooShort, "Fill in this field.");
        return Failure::Body(fields).into_problem(None);
    }
    let details = (code == Code::TooManyRequests).then_some(Details::RateLimit {
        limit: 1000,
        window: 60,
        retry_after: 12,
    });
    Problem { details, ..Problem::new(code, says(code)) }
}
