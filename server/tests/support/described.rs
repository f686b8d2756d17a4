//! Holds every answer against the description of the API.

use std::sync::LazyLock;

use serde_json::{Map, Value};

static PATHS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(server::api::openapi::json()).unwrap();
    document["paths"].as_object().unwrap().clone()
});

/// Checks that the description of an operation knows the status of its answer.
#[track_caller]
pub fn assert_described(method: &str, path: &str, status: u16) {
    let path = path.split('?').next().unwrap_or_default();
    let method = if method == "HEAD" { "get" } else { &method.to_lowercase() };
    let Some(operation) = item(path).and_then(|item| item.get(method)) else { return };
    let is_known = operation["responses"].get(status.to_string()).is_some();
    // Nobody asked for a body there.
    let is_of_body = matches!(status, 413 | 415 | 422) && operation.get("requestBody").is_none();
    assert!(is_known || is_of_body, "{method} {path} answers {status}, which is not described");
}

/// The most literal pattern that fits, as the router finds it.
fn item(path: &str) -> Option<&'static Value> {
    let literals = |pattern: &str| pattern.split('/').filter(|part| !part.starts_with('{')).count();
    let fitting = PATHS.iter().filter(|(pattern, _)| fits(pattern, path));
    fitting.max_by_key(|(pattern, _)| literals(pattern)).map(|(_, item)| item)
}

fn fits(pattern: &str, path: &str) -> bool {
    let (wanted, given): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    wanted.len() == given.len()
        && wanted.iter().zip(given).all(|(wanted, given)| wanted.starts_with('{') || *wanted == given)
}
