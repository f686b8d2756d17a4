//! Attempts of a client to change the identity that the upstream gets, or the request that Keystead decides about.

use serde_json::{Value, json};

use crate::journey::HANDED;
use crate::keystead::Keystead;
use crate::reverse_proxy::Visitor;

/// Protocols to which a client must not be able to switch.
const UPGRADES: [&str; 3] = ["h2c", "foo", "websocket, h2c"];
/// Headers that some upstream takes as the method or the path, in several spellings.
const CHANGING: [&str; 16] = [
    "X-HTTP-Method-Override",
    "X-HTTP_Method-Override",
    "x_http_method_override",
    "X.HTTP.Method.Override",
    "X-HTTP-Method",
    "X-Original-Method",
    "X-Forwarded-Method",
    "X-Original-URL",
    "X-Original-URI",
    "X_Rewrite_URL",
    "X-Forwarded-Uri",
    "Script_Name",
    "Script-Name",
    "Path-Info",
    "Base-URL",
    "X-Envoy-Original-Path",
];
/// Other spellings of paths below `/admin/users`, which is closed. All other paths below `/admin` are open to keys.
const CLOSED: [&str; 6] = [
    "/admin/users",
    "/admin/u%C5%BFers",
    "/admin/Users/x",
    "/admin/%EF%BD%95sers",
    "/admin/users.",
    "/admin/users%20/x",
];

/// Makes all attempts.
pub async fn attempts(keystead: &Keystead, visitor: &Visitor) {
    let bearer = format!("Authorization: Bearer {}", keystead.key("smuggler", json!({})).await);
    let reported = seen(visitor, &[&bearer, "Connection: close"]).await.expect("an honest request");
    for name in HANDED {
        assert_eq!(
            reported[name].as_array().map(Vec::len),
            (reported[name] != Value::Null).then_some(1),
            "{name}"
        );
    }
    // The values of `Connection` name headers that a proxy removes.
    for name in HANDED {
        let connection = format!("Connection: close, {name}");
        let own = [format!("{name}: smuggled"), format!("{}: smuggled", name.to_uppercase())];
        is_reported(visitor, &reported, &[&bearer, &connection, &own[0], &own[1]]).await;
    }
    // Envoy itself refuses a request that names ten headers or more.
    for some in HANDED.chunks(5) {
        let several = format!("Connection: {}", some.join(",").to_uppercase());
        is_reported(visitor, &reported, &[&bearer, "Connection: close", &several]).await;
    }
    // Some upstreams treat these characters like a hyphen.
    for name in HANDED {
        for sign in ["_", "."] {
            let header = format!("{}: smuggled", name.replace('-', sign));
            is_reported_or_refused(visitor, &reported, &[&bearer, "Connection: close", &header]).await;
        }
    }
    upgrades(visitor, &bearer).await;
    for name in CHANGING {
        let header = format!("{name}: /smuggled");
        is_reported_or_refused(visitor, &reported, &[&bearer, "Connection: close", &header]).await;
    }
    for path in CLOSED {
        let (status, _) = visitor.raw(path, &[&bearer, "Connection: close"]).await;
        assert_eq!(status, 403, "{path}");
    }
    assert_eq!(visitor.raw("/admin/other", &[&bearer, "Connection: close"]).await.0, 200);
}

/// After a switch to another protocol, the proxy no longer asks Keystead about what the client sends.
async fn upgrades(visitor: &Visitor, bearer: &str) {
    for protocol in UPGRADES {
        let upgrade = format!("Upgrade: {protocol}");
        let seen = seen(visitor, &[bearer, "Connection: close, Upgrade", &upgrade]).await;
        // Envoy itself refuses the request.
        assert!(seen.is_none_or(|seen| seen.get("upgrade").is_none()), "{protocol}");
    }
}

/// Checks that the upstream gets the same identity as with an honest request.
async fn is_reported(visitor: &Visitor, reported: &Value, lines: &[&str]) {
    let seen = seen(visitor, lines).await.unwrap_or_else(|| panic!("{} {lines:?} was refused", visitor.kind));
    for name in HANDED {
        assert_eq!(seen[name], reported[name], "{} {name} {lines:?}", visitor.kind);
    }
    assert!(!seen.to_string().contains("smuggled"), "{} {lines:?} {seen}", visitor.kind);
}

async fn is_reported_or_refused(visitor: &Visitor, reported: &Value, lines: &[&str]) {
    let (status, _) = visitor.raw("/v1/x", lines).await;
    if status != 403 {
        is_reported(visitor, reported, lines).await;
    }
}

/// What reaches the upstream, or `None` if the request was refused.
async fn seen(visitor: &Visitor, lines: &[&str]) -> Option<Value> {
    let (status, body) = visitor.raw("/v1/x", lines).await;
    assert!(matches!(status, 200 | 403), "{} {lines:?} {status}", visitor.kind);
    (status == 200).then(|| serde_json::from_str(&body).unwrap())
}
