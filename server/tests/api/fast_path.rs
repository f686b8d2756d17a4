//! The fast path returns the same answers as the router.

use axum::body::Body;
use serde_json::{Value, json};

use crate::support::{Actor, Client, MEMBER, TestServer, keys_of};

const VERIFY: &str = "/v1/keys/verify";

/// Sends the same requests through the fast path and through the router, and compares the answers.
#[tokio::test]
async fn the_fast_path_responds_like_the_router() {
    let server = TestServer::start().await;
    let scope = json!([{"resource_type": "bucket", "resource_id": "a"}]);
    let body = json!({"name": "ci", "permissions": ["write"], "scopes": scope});
    let made = server.admin().post(&keys_of(MEMBER), body).await;
    let foreign = server.client(Actor::Foreign).await;
    let theirs = foreign.get("/v1/me").await;
    assert_eq!(theirs.status, 200);
    server.bed.warm().await;
    let secret = made.secret();
    let simple = [
        json!({"key": secret}),
        json!({"key": secret, "cost": 0}),
        json!({"key": secret, "permissions": ["read"], "ip": "::ffff:203.0.113.7", "user_agent": "curl/8.9"}),
        json!({"key": secret, "permissions": ["admin"], "resource": null, "ip": null, "cost": null}),
        json!({"key": secret, "resource": {"type": "bucket", "id": "a", "operation": null}}),
        json!({"key": secret, "resource": {"type": "bucket", "id": "b", "operation": "read_data"}}),
        json!({"key": "nonsense"}),
        json!({"key": ""}),
    ];
    let odd = [
        r#"{"key": 5}"#.to_owned(),
        r#"{"key": null}"#.to_owned(),
        r"{}".to_owned(),
        r"[]".to_owned(),
        r#"{"key": "a", "key": "b"}"#.to_owned(),
        r#"{"key": "a", "resource": {"type": "bucket", "type": "bucket", "id": "a"}}"#.to_owned(),
        r#"{"key": "a", "more": 1}"#.to_owned(),
        r#"{"key": "a", "cost": 1.0}"#.to_owned(),
        r#"{"key": "a", "cost": -0}"#.to_owned(),
        r#"{"key": "a", "cost": 1e400}"#.to_owned(),
        r#"{"key": "a", "ip": ""}"#.to_owned(),
        r#"{"key": "a", "permissions": "read"}"#.to_owned(),
        r#"{"key": "a", "permissions": [null]}"#.to_owned(),
        r#"{"key": "\ud800"}"#.to_owned(),
        r#"{"key": "a"} {}"#.to_owned(),
        r#"{"key": "a""#.to_owned(),
        "\u{feff}{\"key\": \"a\"}".to_owned(),
        format!(r#"{{"key": "{}"}}"#, "x".repeat(60_000)),
        format!(r#"{{"key": "{}"}}"#, "x".repeat(70_000)),
        "[".repeat(20_000),
    ];
    let odd_headers: [&[(&str, &str)]; 5] = [
        &[("content-type", "text/plain")],
        &[("content-encoding", "gzip")],
        &[("content-type", "application/json"), ("content-type", "text/plain")],
        &[("authorization", "Bearer another")],
        &[],
    ];
    let viewer = server.client(Actor::Viewer).await;
    for client in
        [&server.admin(), &foreign, &viewer, &server.with_key(None), &server.with_key(Some("sk_live_"))]
    {
        for body in simple.iter().map(Value::to_string).chain(odd.clone()) {
            compare(client, &[("content-type", "application/json; charset=utf-8")], &body).await;
        }
        for headers in odd_headers {
            compare(client, headers, &simple[0].to_string()).await;
        }
    }
    for body in &simple {
        let reply = server.admin().post(VERIFY, body.clone()).await;
        assert_eq!(reply.header("x-frame-options"), None, "{body} was answered by the router");
    }
}

async fn compare(client: &Client, headers: &[(&str, &str)], body: &str) {
    let mut seen = Vec::new();
    for client in [client.clone(), client.routed()] {
        let reply = client.send("POST", VERIFY, headers, Body::from(body.to_owned())).await;
        let mut json = reply.json();
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        // Removes what differs between any two requests.
        json.as_object_mut().unwrap().remove("request_id");
        if let Some(rate) = json.get_mut("rate_limit").and_then(Value::as_object_mut) {
            rate.remove("remaining");
        }
        if let Some(error) = json.get_mut("error").and_then(Value::as_object_mut) {
            error.remove("request_id");
        }
        seen.push((reply.status, json));
    }
    assert_eq!(seen[0], seen[1], "{headers:?} {}", body.chars().take(80).collect::<String>());
}
