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
        ("X-Request-Id", "Names the request, also in the log of the server. A client's own is kept if it has up to 64 letters, \
                          digits, `_`, `.` and `-`.", text("req_4mQ8sV2nXb7TzR1cYk0p")),
        ("Cache-Control", "Nothing on the way may keep the answer.", text("no-store")),
        ("X-RateLimit-Limit", "Requests that the key may make in a window.", number(1000)),
        ("X-RateLimit-Remaining", "How many of them are left.", number(999)),
        ("X-RateLimit-Reset", "When everything is available again, in seconds since 1970.", number(1_795_336_260)),
        ("X-RateLimit-Window", "The window in seconds.", number(60)),
        ("RateLimit-Policy", "The limit in the form of the IETF's draft: `q` requests in `w` seconds.", text("\"key\";q=1000;w=60")),
        ("RateLimit", "Where the key stands, in the form of the IETF's draft: `r` requests are left; in `t` seconds all are \
                       available again or, when none is left, the next.", text("\"key\";r=999;t=60")),
        ("Retry-After", "Whole seconds until the next request passes: exactly, where a limit is reached.", number(12)),
        ("WWW-Authenticate", "The scheme of the credential.", text("Bearer")),
        ("ETag", "The state of the key that the answer shows, for a later `If-Match`.", text("\"key_4mQ8sV2nXb7TzR1cYk0p.3\"")),
        ("Idempotent-Replayed", "`true` when this answer was given before; otherwise absent.", text("true")),
    ]
    .map(|(name, sentence, (kind, example))| (name.to_owned(), RefOr::T(header(sentence, kind, example))))
    .into_iter()
}

fn header(sentence: &str, kind: Type, example: Value) -> Header {
    let schema = ObjectBuilder::new().schema_type(kind).examples([example]);
    HeaderBuilder::new().description(Some(sentence)).schema(Some(schema)).build()
}
