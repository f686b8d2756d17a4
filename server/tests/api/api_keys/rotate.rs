use model::key::Access;
use serde_json::json;

use super::{API_KEYS, api_key};
use crate::support::{Actor, TestServer};

#[tokio::test]
async fn without_a_body_the_old_secret_ends_at_once() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci", "description": "d"})).await.data();
    server.bed.clock.advance_seconds(1);
    let reply = admin.post_nothing(&format!("{}/rotate", api_key(&made["id"]))).await;
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let rotated = reply.data();
    assert_ne!(rotated["key"], made["key"]);
    let mut same = rotated.clone();
    (same["key"], same["keyPrefix"]) = (made["key"].clone(), made["keyPrefix"].clone());
    assert_eq!(same, made);
    server.with_key(made["key"].as_str()).get(API_KEYS).await.enveloped(401);
    server.with_key(rotated["key"].as_str()).get(API_KEYS).await.data();
}

#[tokio::test]
async fn a_grace_period_keeps_the_old_secret_until_its_end() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci"})).await.data();
    let path = format!("{}/rotate", api_key(&made["id"]));
    admin.post(&path, json!({"gracePeriodSeconds": 60})).await.data();
    let old = server.with_key(made["key"].as_str());
    server.bed.clock.advance_seconds(59);
    old.get(API_KEYS).await.data();
    server.bed.clock.advance_seconds(1);
    old.get(API_KEYS).await.enveloped(401);
}

#[tokio::test]
async fn an_invalid_request_changes_nothing() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci"})).await.data();
    let path = format!("{}/rotate", api_key(&made["id"]));
    let before = server.state().await;
    for body in [
        json!({"gracePeriodSeconds": -1}),
        json!({"gracePeriodSeconds": 2_592_001}),
        json!({"gracePeriodSeconds": "60"}),
        json!({"gracePeriodSeconds": 1.5}),
    ] {
        let message = admin.post(&path, body).await.enveloped(400);
        assert!(message.starts_with("gracePeriodSeconds: "), "{message}");
    }
    admin.post(&path, json!({"grace_period_seconds": 60})).await.enveloped(400);
    assert_eq!(server.state().await, before);
    server.with_key(made["key"].as_str()).get(API_KEYS).await.data();
}

#[tokio::test]
async fn an_ended_key_cannot_be_rotated() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci"})).await.data();
    admin.delete(&api_key(&made["id"])).await.data();
    admin.post_nothing(&format!("{}/rotate", api_key(&made["id"]))).await.enveloped(404);
}

#[tokio::test]
async fn a_service_account_can_rotate_only_keys_of_service_accounts() {
    let server = TestServer::start().await;
    let service_account = server.client(Actor::ServiceAccount).await;
    let personal = server.admin().post(API_KEYS, json!({"name": "ci"})).await.data();
    service_account.post_nothing(&format!("{}/rotate", api_key(&personal["id"]))).await.enveloped(403);
    let (account, other) = server.service_account("other", &[], Access::Read).await;
    let list = service_account.get(&format!("{API_KEYS}?owner={}", account.service_account_id)).await.data();
    let path = format!("{}/rotate", api_key(&list["items"][0]["id"]));
    service_account.post_nothing(&path).await.data();
    other.get(API_KEYS).await.enveloped(401);
    server.with_key(personal["key"].as_str()).get(API_KEYS).await.data();
}
