//! Headers of answers.

use serde_json::{Value, json};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr};

/// On every answer.
pub(super) const EVERYWHERE: &[&str] = &["X-Request-Id"];
/// On every answer to a key.
pub(super) const OF_LIMIT: &[&str] = &[
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-RateLimit-Window",
    "RateLimit-Policy",
    "RateLimit",
];

/// Where a header is described.
pub(super) fn reference(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

/// All of them, by their names.
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Header>)> {
    let text = Type::String;
    let number = Type::Integer;
    let all = [
        (
            "X-Request-Id",
            "Names the request, also in the log of the server.",
            text.clone(),
            json!("req_4mQ8sV2nXb7TzR1cYk0p"),
        ),
        ("X-RateLimit-Limit", "Requests that the key may make in a window.", number.clone(), json!(1000)),
        ("X-RateLimit-Remaining", "How many of them are left.", number.clone(), json!(999)),
        (
            "X-RateLimit-Reset",
            "When the window is over, in seconds since 1970.",
            number.clone(),
            json!(1_795_336_260),
        ),
        ("X-RateLimit-Window", "The window in seconds.", number.clone(), json!(60)),
        (
            "RateLimit-Policy",
            "The limit in the form of the IETF's draft.",
            text.clone(),
            json!("\"key\";q=1000;w=60"),
        ),
        (
            "RateLimit",
            "Where the key stands, in the form of the IETF's draft.",
            text.clone(),
            json!("\"key\";r=999;t=60"),
        ),
        ("Retry-After", "Whole seconds until the next request passes, exactly.", number, json!(12)),
        ("WWW-Authenticate", "The scheme of the credential.", text, json!("Bearer")),
    ];
    all.into_iter()
        .map(|(name, sentence, kind, example)| (name.to_owned(), RefOr::T(header(sentence, kind, example))))
}

fn header(sentence: &str, kind: Type, example: Value) -> Header {
    let schema = ObjectBuilder::new().schema_type(kind).examples([example]);
    HeaderBuilder::new().description(Some(sentence)).schema(Some(schema)).build()
}
