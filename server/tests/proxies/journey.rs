//! What every proxy must do with the configuration that Keystead generates for it.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::keystead::Keystead;
use crate::reverse_proxy::{Kind, Visitor};
use crate::{site, smuggling};

/// Identity headers, which tell the upstream about the key.
pub const HANDED: [&str; 9] = [
    "x-key-id",
    "x-key-name",
    "x-key-owner",
    "x-key-owner-name",
    "x-organization-id",
    "x-key-permissions",
    "x-key-scopes",
    "x-key-expires-at",
    "x-key-environment",
];

/// Puts a proxy between a visitor and an upstream, and runs all checks.
pub async fn run_journey(kind: Kind) {
    let mut keystead = Keystead::start();
    let visitor = Visitor::behind(&keystead, kind, kind.word).await;
    identity(&keystead, &visitor).await;
    smuggling::attempts(&keystead, &visitor).await;
    refusals(&keystead, &visitor).await;
    rate_limit(&keystead, &visitor).await;
    site::needs(&keystead, &visitor).await;
    revocation(&keystead, &visitor).await;
    // While Keystead is down, no request may pass.
    let key = keystead.key("last", json!({})).await;
    assert_eq!(visitor.get("/v1/x", &key).await, 200);
    keystead.stop();
    let status = visitor.get("/v1/x", &key).await;
    assert!(matches!(status, 500..=504), "{status}");
}

/// The upstream gets the identity that Keystead returns, whatever the client sends.
async fn identity(keystead: &Keystead, visitor: &Visitor) {
    let key = keystead.key("ключ", json!({"permissions": ["read"]})).await;
    let bearer = format!("Bearer {key}");
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(HANDED.map(|name| (name, "smuggled")));
    let reply = visitor.send(Method::GET, "/v1/x?y=1", &headers).await;
    assert_eq!(reply.status(), 200);
    let seen: Value = reply.json().await.unwrap();
    assert_eq!((&seen[":method"], &seen[":path"]), (&json!("GET"), &json!("/v1/x?y=1")));
    assert!(seen["x-key-id"][0].as_str().unwrap().starts_with("key_"), "{seen}");
    assert_eq!(seen["x-key-name"], json!(["%D0%BA%D0%BB%D1%8E%D1%87"]));
    assert_eq!(seen["x-key-permissions"], json!(["read"]));
    assert_eq!(seen["x-key-owner-name"], json!(["ada@acme.example"]));
    assert_eq!(seen["x-key-environment"], json!(["live"]));
    assert!(!seen.to_string().contains("smuggled"), "{seen}");
    assert!(!seen.to_string().contains(&key), "{seen}");
    assert_eq!(seen.get("authorization"), None);
    // Where no key is needed, the upstream gets no identity.
    let reply = visitor.send(Method::POST, "/open", &HANDED.map(|name| (name, "smuggled"))).await;
    assert_eq!(reply.status(), 200);
    let seen: Value = reply.json().await.unwrap();
    assert!(!seen.to_string().contains("smuggled"), "{seen}");
    for name in HANDED {
        assert!(seen.get(name).is_none_or(|values| *values == json!([""])), "{name}: {seen}");
    }
}

/// A refusal says why, in a header and in a body for programs, and has an id by which the log can be searched.
async fn assert_refused(reply: Response, status: u16, decision: &str) {
    assert_eq!(reply.status(), status, "{decision}");
    let value =
        |name: &str| reply.headers().get_all(name).iter().map(|value| value.to_str().unwrap().to_owned());
    let only = |name: &str| value(name).collect::<Vec<_>>();
    assert_eq!(only("x-key-decision"), [decision]);
    assert_eq!(only("content-type"), ["application/problem+json"], "{decision}");
    assert_eq!(value("x-request-id").count(), 1, "{decision}");
    let is_challenged =
        matches!(decision, "no_key" | "invalid_key" | "insufficient_permissions" | "out_of_scope");
    assert_eq!(value("www-authenticate").count(), usize::from(is_challenged), "{decision}");
    let body: Value = reply.json().await.unwrap();
    assert_eq!((&body["status"], &body["code"]), (&json!(status), &json!(decision)), "{body}");
}

async fn refusals(keystead: &Keystead, visitor: &Visitor) {
    let none = visitor.send(Method::GET, "/v1/x", &[]).await;
    assert!(none.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer realm="));
    assert_refused(none, 401, "no_key").await;
    let unknown = visitor.send(Method::GET, "/v1/x", &[("authorization", "Bearer nonsense")]).await;
    assert_refused(unknown, 401, "invalid_key").await;
    let key = keystead.key("reader", json!({"permissions": ["read"]})).await;
    let (rest, last) = key.split_at(key.len() - 1);
    let altered = format!("{rest}{}", if last == "x" { "y" } else { "x" });
    assert_eq!(visitor.get("/v1/x", &altered).await, 401);
    assert_eq!(visitor.get("/v1/x", "nonsense").await, 401);
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(visitor.send(Method::GET, "/v1/x", &headers).await.status(), 200);
    assert_refused(visitor.send(Method::POST, "/v1/x", &headers).await, 403, "insufficient_permissions")
        .await;
    assert_refused(visitor.send(Method::GET, "/elsewhere", &headers).await, 403, "closed").await;
    for path in ["/elsewhere", "/V1/x", "/open%2Fx", "/v1//x"] {
        let status = visitor.send(Method::GET, path, &headers).await.status().as_u16();
        // Traefik itself refuses encoded slashes. It merges double slashes before it asks Keystead and before it
        // forwards the request.
        match (path, visitor.kind) {
            ("/open%2Fx", "traefik") => assert!(matches!(status, 400 | 403), "{status}"),
            ("/v1//x", "traefik") => assert_eq!(status, 200),
            _ => assert_eq!(status, 403, "{path}"),
        }
    }
    let soon = model::Timestamp::from_seconds(now() + 2).to_rfc3339();
    let short = keystead.key("short", json!({"expires_at": soon})).await;
    assert_eq!(visitor.get("/v1/x", &short).await, 200);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(visitor.get("/v1/x", &short).await, 401);
}

async fn rate_limit(keystead: &Keystead, visitor: &Visitor) {
    let key = keystead.key("limited", json!({"rate_limit_override": 2})).await;
    let bearer = format!("Bearer {key}");
    let send = async || visitor.send(Method::GET, "/v1/x", &[("authorization", bearer.as_str())]).await;
    for _ in 0..2 {
        assert_eq!(send().await.status(), 200);
    }
    let reply = send().await;
    for name in ["ratelimit", "ratelimit-policy"] {
        assert!(reply.headers().contains_key(name), "{name}");
    }
    let wait: u64 = reply.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    assert_refused(reply, 429, "rate_limited").await;
}

/// The first request after a revocation is refused.
async fn revocation(keystead: &Keystead, visitor: &Visitor) {
    let key = keystead.key("leaked", json!({})).await;
    for _ in 0..5 {
        assert_eq!(visitor.get("/v1/x", &key).await, 200);
    }
    keystead.revoke("leaked").await;
    assert_eq!(visitor.get("/v1/x", &key).await, 401);
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.unwrap().as_secs()).unwrap()
}
