//! Keys that may manage only some keys, because they are scoped.

use serde_json::{Value, json};

use crate::support::{ADMIN, MEMBER, TestServer, VIEWER, key_at, keys_of};

fn scope(kind: &str, id: &str) -> Value {
    json!({"resource_type": kind, "resource_id": id})
}

#[tokio::test]
async fn a_key_scoped_to_a_user_manages_only_the_keys_of_that_user() {
    let server = TestServer::start().await;
    let client = server.with_scoped_key(ADMIN, "helper", scope("user", MEMBER)).await;
    let narrow = json!({"name": "ci", "scopes": [scope("user", MEMBER)]});
    client.post(&keys_of(MEMBER), narrow.clone()).await.ok();
    client.get(&keys_of(MEMBER)).await.ok();
    client.post_nothing(&format!("{}/rotate", key_at(MEMBER, "ci"))).await.ok();
    client.patch(&key_at(MEMBER, "ci"), json!({"description": "d"})).await.ok();
    client.delete(&key_at(MEMBER, "ci")).await.ok();

    let before = server.state().await;
    let mut replies = vec![
        client.get(&keys_of(VIEWER)).await,
        client.post(&keys_of(VIEWER), narrow).await,
        client.get(&keys_of("ghost@acme.example")).await,
        client.delete(&key_at(ADMIN, "admin-key")).await,
        client.delete(&key_at(ADMIN, "ghost")).await,
    ];
    replies.dedup_by(|one, other| one.body == other.body);
    assert_eq!(replies.len(), 1);
    replies[0].refused(403, "ForbiddenError");
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_can_grant_more_than_they_have() {
    let server = TestServer::start().await;
    let client = server.with_scoped_key(ADMIN, "helper", scope("user", MEMBER)).await;
    let wide =
        server.admin().post(&keys_of(MEMBER), json!({"name": "wide", "permissions": ["admin"]})).await.ok();
    let narrow = json!({"name": "narrow", "scopes": [scope("user", MEMBER)]});
    client.post(&keys_of(MEMBER), narrow).await.ok();
    let before = server.state().await;
    for reply in [
        client.post(&keys_of(MEMBER), json!({"name": "ci"})).await,
        client.post(&keys_of(MEMBER), json!({"name": "ci", "scopes": [scope("user", "*")]})).await,
        client.post(&keys_of(MEMBER), json!({"name": "ci", "scopes": [scope("organization", "*")]})).await,
        client.patch(&key_at(MEMBER, "narrow"), json!({"scopes": []})).await,
        client.patch(&key_at(MEMBER, "narrow"), json!({"scopes": [scope("user", "*")]})).await,
        client.patch(&key_at(MEMBER, "wide"), json!({"permissions": ["read", "admin"]})).await,
        client.post_nothing(&format!("{}/rotate", key_at(MEMBER, "wide"))).await,
    ] {
        reply.refused(403, "ForbiddenError");
    }
    assert_eq!(server.state().await, before);
    assert_eq!(wide["permissions"], json!(["admin"]));
}

#[tokio::test]
async fn a_key_has_no_more_rights_than_its_owner() {
    let server = TestServer::start().await;
    let body = json!({"name": "strong", "permissions": ["admin"]});
    let secret = server.admin().post(&keys_of(MEMBER), body).await.secret();
    let client = server.with_key(Some(&secret));
    let before = server.state().await;
    client.post(&keys_of(MEMBER), json!({"name": "ci"})).await.refused(403, "ForbiddenError");
    client.get(&keys_of(ADMIN)).await.refused(403, "ForbiddenError");
    assert_eq!(server.state().await, before);
}
