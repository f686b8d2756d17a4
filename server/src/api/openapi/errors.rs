//! The errors that operations share. The example of each is a real body.

use model::field::{FieldErrors, Rule};
use model::problem::{Code, Details, Problem};
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
    shared(Code::Unauthorized, "No credential, or none that is valid. The same answer for a missing, unknown, revoked and expired one.",
        "Send a valid API key in the header Authorization, as Bearer <key>."),
    shared(Code::Forbidden, "The key that asks may not do this.", "This needs the permission admin."),
    shared(Code::NotFound, "There is nothing of this name for the key that asks. What belongs to others is not there either.",
        "There is nothing at this address."),
    shared(Code::AlreadyExists, "The name is taken, or somebody else made a change at the same moment.",
        "An active key of this name exists already."),
    shared(Code::PreconditionFailed, "Somebody else made a change meanwhile.",
        "Somebody else changed this meanwhile. Load it again and repeat with the new ETag."),
    shared(Code::PayloadTooLarge, "The body has more than 64 KiB.", "The body of the request may be at most 64 KiB long."),
    shared(Code::UnsupportedMediaType, "The body is not sent as JSON, or is compressed.", "Send the body as application/json."),
    shared(Code::Validation, "Rules of members or parameters are broken; all of them are reported together.", "Validation error"),
    shared(Code::TooManyRequests, "The key has used up its requests of 60 seconds.", "Too many requests. Try again later."),
    shared(Code::Internal, "The server failed. The cause is in its log under the request id.",
        "The server failed. Try again, and if it happens again, tell whoever runs it the request id."),
    shared(Code::Unavailable, "The server cannot answer now. Try again.", "The database does not answer. Try again."),
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
