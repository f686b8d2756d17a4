//! Checks every answer against the description of the API: its status, its headers and its body.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::Reply;
use super::schema::{mismatch, resolve};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(server::api::openapi::json()).unwrap());

/// Headers that every answer has.
const EVERYWHERE: [&str; 2] = ["X-Request-Id", "Cache-Control"];
/// Headers that are described for the answers to keys. Every described answer with status 200 or 429 has them.
const OF_LIMIT: [&str; 6] = [
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-RateLimit-Window",
    "RateLimit-Policy",
    "RateLimit",
];

/// Checks that an answer agrees with the description of its operation.
#[track_caller]
pub fn assert_described(method: &str, path: &str, reply: &Reply) {
    let (path, status) = (path.split('?').next().unwrap_or_default(), reply.status);
    let key = if method == "HEAD" { "get" } else { &method.to_lowercase() };
    let Some(operation) = item(path).and_then(|item| item.get(key)) else { return };
    // The operation takes no body, so its description does not list errors about one.
    if matches!(status, 413 | 415 | 422) && operation.get("requestBody").is_none() {
        return;
    }
    let reported = format!("{method} {path} answers {status}");
    let response = operation["responses"].get(status.to_string());
    let response = response.unwrap_or_else(|| panic!("{reported}, which is not described"));
    let response = resolve(&DOCUMENT, response);
    assert_headers(&reported, response, reply);
    if method != "HEAD" {
        let schema = &response["content"]["application/json"]["schema"];
        if let Some(mismatch) = mismatch(&DOCUMENT, schema, &reply.json()) {
            panic!("{reported}, but {mismatch}: {}", reply.text());
        }
    }
}

/// Checks the headers that the description knows. A header that the reply has must be described for this response, and
/// the reply must have all headers that are mandatory.
#[track_caller]
fn assert_headers(reported: &str, response: &Value, reply: &Reply) {
    let none = Map::new();
    let described = response["headers"].as_object().unwrap_or(&none);
    for (name, header) in DOCUMENT["components"]["headers"].as_object().unwrap() {
        let given = reply.header(name);
        let is_described = described.contains_key(name);
        assert!(given.is_none() || is_described, "{reported} with {name}, which is not described");
        let limited = matches!(reply.status, 200 | 429) && OF_LIMIT.contains(&name.as_str());
        let told_always = ["ETag", "Retry-After", "WWW-Authenticate"].contains(&name.as_str());
        let must_be = EVERYWHERE.contains(&name.as_str()) || is_described && (limited || told_always);
        assert!(given.is_some() || !must_be, "{reported} without {name}");
        if let Some(given) = given
            && header["schema"]["type"] == "integer"
        {
            assert!(given.parse::<u64>().is_ok(), "{reported} with {name}: {given}");
        }
    }
}

/// Finds the matching path with the most literal segments, as the router does.
fn item(path: &str) -> Option<&'static Value> {
    let literals = |pattern: &str| pattern.split('/').filter(|part| !part.starts_with('{')).count();
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let fitting = paths.iter().filter(|(pattern, _)| fits(pattern, path));
    fitting.max_by_key(|(pattern, _)| literals(pattern)).map(|(_, item)| item)
}

fn fits(pattern: &str, path: &str) -> bool {
    let (wanted, given): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    wanted.len() == given.len()
        && wanted.iter().zip(given).all(|(wanted, given)| wanted.starts_with('{') || *wanted == given)
}
