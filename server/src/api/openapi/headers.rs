//! Describes response headers.

use serde_json::{Value, json};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Response};

/// Headers of every response.
const EVERYWHERE: &[&str] = &["X-Request-Id", "Cache-Control"];
/// Headers of every response to a key that was accepted or that exceeded its rate limit.
pub(super) const OF_LIMIT: &[&str] = &[
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-RateLimit-Window",
    "RateLimit-Policy",
    "RateLimit",
];

/// Adds the headers that every response has, and `more`.
pub(super) fn add<'a>(response: &mut Response, more: impl IntoIterator<Item = &'a str>) {
    let names = EVERYWHERE.iter().copied().chain(more);
    response.headers.extend(names.map(|name| (name.to_owned(), RefOr::Ref(reference(name)))));
}

fn reference(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

/// All headers by name.
#[rustfmt::skip]
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Header>)> {
    let (text, number) = (|example: &str| (Type::String, json!(example)), |example: u32| (Type::Integer, json!(example)));
    [
        ("X-Request-Id", "The id of the request, which is also in the log of the server. An id that the client sends is \
                          kept if it consists of up to 64 letters, digits, `_`, `.` and `-`, and does not \
                          look like a key.", text("req_4mQ8sV2nXb7TzR1cYk0p")),
        ("Cache-Control", "The response must not be stored in a cache.", text("no-store")),
        ("X-RateLimit-Limit", "Number of requests that the key may make in a window.", number(1000)),
        ("X-RateLimit-Remaining", "Number of requests that are left.", number(999)),
        ("X-RateLimit-Reset", "Time at which all requests are available again, in Unix seconds.", number(1_795_336_260)),
        ("X-RateLimit-Window", "Length of the window in seconds.", number(60)),
        ("RateLimit-Policy", "The limit in the form of the IETF draft: `q` requests in `w` seconds.", text("\"key\";q=1000;w=60")),
        ("RateLimit", "What is left of the limit, in the form of the IETF draft: `r` requests are left. In `t` seconds, \
                       all are available again or, if none is left, the next one.", text("\"key\";r=999;t=60")),
        ("Retry-After", "Seconds until the next request can succeed. After a rate limit this is exact.", number(12)),
        ("WWW-Authenticate", "The authentication scheme.", text("Bearer")),
        ("ETag", "The version of the key in the response, for a later `If-Match`.", text("\"key_4mQ8sV2nXb7TzR1cYk0p.3\"")),
        ("Idempotent-Replayed", "`true` if this response repeats an earlier one. Otherwise absent.", text("true")),
    ]
    .map(|(name, sentence, (kind, example))| (name.to_owned(), RefOr::T(header(sentence, kind, example))))
    .into_iter()
}

fn header(sentence: &str, kind: Type, example: Value) -> Header {
    let schema = ObjectBuilder::new().schema_type(kind).examples([example]);
    HeaderBuilder::new().description(Some(sentence)).schema(Some(schema)).build()
}
