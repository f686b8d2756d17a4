//! What a client tries in order to change who it is said to be, or what it is judged for.

use serde_json::{Value, json};

use crate::front::Visitor;
use crate::journey::HANDED;
use crate::keystead::Keystead;

/// Protocols that nobody may switch to.
const UPGRADES: [&str; 3] = ["h2c", "foo", "websocket, h2c"];
/// Headers that change method or path to some upstream, in several spellings.
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
/// Other spellings of paths below `/admin/users`, which is closed; all else below `/admin` is not.
const CLOSED: [&str; 6] = [
    "/admin/users",
    "/admin/u%C5%BFers",
    "/admin/Users/x",
    "/admin/%EF%BD%95sers",
    "/admin/users.",
    "/admin/users%20/x",
];

/// Goes through all of it.
pub async fn attempts(keystead: &Keystead, visitor: &Visitor) {
    let bearer = format!("Authorization: Bearer {}", keystead.key("smuggler", json!({})).await);
    let told = seen(visitor, &[&bearer, "Connection: close"]).await.expect("an honest request");
    for name in HANDED {
        assert_eq!(told[name].as_array().map(Vec::len), (told[name] != Value::Null).then_some(1), "{name}");
    }
    // Words of Connection name headers that a proxy takes away.
    for name in HANDED {
        let connection = format!("Connection: close, {name}");
        let own = [format!("{name}: smuggled"), format!("{}: smuggled", name.to_uppercase())];
        is_told(visitor, &told, &[&bearer, &connection, &own[0], &own[1]]).await;
    }
    let all = format!("Connection: {}", HANDED.join(",").to_uppercase());
    is_told(visitor, &told, &[&bearer, "Connection: close", &all]).await;
    // For upstreams that take another sign for -.
    for name in HANDED {
        for sign in ["_", "."] {
            let header = format!("{}: smuggled", name.replace('-', sign));
            is_told_or_refused(visitor, &told, &[&bearer, "Connection: close", &header]).await;
        }
    }
    upgrades(visitor, &bearer).await;
    for name in CHANGING {
        let header = format!("{name}: /smuggled");
        is_told_or_refused(visitor, &told, &[&bearer, "Connection: close", &header]).await;
    }
    for path in CLOSED {
        let (status, _) = visitor.raw(path, &[&bearer, "Connection: close"]).await;
        assert_eq!(status, 403, "{path}");
    }
    assert_eq!(visitor.raw("/admin/other", &[&bearer, "Connection: close"]).await.0, 200);
}

/// Whoever switches to another protocol is not asked about again.
async fn upgrades(visitor: &Visitor, bearer: &str) {
    for protocol in UPGRADES {
        let upgrade = format!("Upgrade: {protocol}");
        let seen = seen(visitor, &[bearer, "Connection: close, Upgrade", &upgrade]).await;
        // Envoy refuses by itself.
        assert!(seen.is_none_or(|seen| seen.get("upgrade").is_none()), "{protocol}");
    }
    let lines =
        [bearer, "Connection: Upgrade, X-Key-Scopes", "Upgrade: WebSocket", "Sec-WebSocket-Version: 13"];
    let seen = seen(visitor, &lines).await;
    match visitor.kind {
        "caddy" | "traefik" => {
            let seen = seen.expect("a WebSocket");
            assert_eq!((&seen["upgrade"], &seen["x-key-scopes"]), (&json!(["websocket"]), &json!(["*"])));
        }
        _ => assert!(seen.is_none_or(|seen| seen.get("upgrade").is_none())),
    }
}

/// The upstream is told of the key what it is told of an honest request.
async fn is_told(visitor: &Visitor, told: &Value, lines: &[&str]) {
    let seen = seen(visitor, lines).await.unwrap_or_else(|| panic!("{} {lines:?} was refused", visitor.kind));
    for name in HANDED {
        assert_eq!(seen[name], told[name], "{} {name} {lines:?}", visitor.kind);
    }
    assert!(!seen.to_string().contains("smuggled"), "{} {lines:?} {seen}", visitor.kind);
}

async fn is_told_or_refused(visitor: &Visitor, told: &Value, lines: &[&str]) {
    let (status, _) = visitor.raw("/v1/x", lines).await;
    if status != 403 {
        is_told(visitor, told, lines).await;
    }
}

/// What reaches the upstream, if anything does.
async fn seen(visitor: &Visitor, lines: &[&str]) -> Option<Value> {
    let (status, body) = visitor.raw("/v1/x", lines).await;
    assert!(matches!(status, 200 | 403), "{} {lines:?} {status}", visitor.kind);
    (status == 200).then(|| serde_json::from_str(&body).unwrap())
}
