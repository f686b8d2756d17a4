use serde_json::json;

use super::{API_KEYS, api_key};
use crate::support::{ADMIN, MEMBER, TestServer, key_at, keys_of};

#[tokio::test]
async fn only_the_given_fields_change() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let body = json!({"name": "ci", "description": "d", "expiresAt": "2027-01-01T00:00:00Z"});
    let mut made = admin.post(API_KEYS, body).await.data();
    made.as_object_mut().unwrap().remove("key");
    let path = api_key(&made["id"]);
    assert_eq!(admin.patch(&path, json!({})).await.data(), made);
    assert_eq!(admin.patch(&path, json!({"name": null, "scope": null})).await.data(), made);
    server.bed.clock.advance_seconds(1);
    let changed = admin.patch(&path, json!({"name": "deploy", "scope": "read-write"})).await.data();
    (made["name"], made["scope"]) = (json!("deploy"), json!("read-write"));
    assert_eq!(changed, made);
    server.bed.clock.advance_seconds(1);
    let changed = admin.patch(&path, json!({"description": null, "expiresAt": null})).await.data();
    for member in ["description", "expiresAt"] {
        made.as_object_mut().unwrap().remove(member);
    }
    assert_eq!(changed, made);
    assert_eq!(
        server.history(&made["id"]).await,
        ["api_key_updated", "api_key_scope_updated", "api_key_created"]
    );
}

#[tokio::test]
async fn an_unchanged_scope_adds_nothing_and_removes_admin() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for (permissions, scope, after) in [
        (json!(["write"]), "read-write", json!(["write"])),
        (json!(["read"]), "read", json!(["read"])),
        (json!(["read"]), "read-write", json!(["read", "write", "delete"])),
        (json!(["admin"]), "read-write", json!(["read", "write", "delete"])),
        (json!(["delete"]), "read", json!(["read"])),
    ] {
        let made = admin.post(&keys_of(MEMBER), json!({"name": "ci", "permissions": permissions})).await.ok();
        admin.patch(&api_key(&made["key_id"]), json!({"scope": scope})).await.data();
        let list = admin.get(&keys_of(MEMBER)).await.ok();
        assert_eq!(list["results"][0]["permissions"], after, "{permissions} {scope}");
        admin.delete(&key_at(MEMBER, "ci")).await.ok();
    }
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_changed() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci"})).await.data();
    let path = api_key(&made["id"]);
    let before = server.state().await;
    let body = json!({
        "name": "", "description": 5, "expiresAt": "2020-01-01T00:00:00Z", "scope": "all", "serviceAccountId": "sa_a1",
    });
    let message = admin.patch(&path, body).await.enveloped(400);
    for member in ["name", "description", "expiresAt", "scope", "serviceAccountId"] {
        assert!(message.contains(&format!("{member}: ")), "{member}: {message}");
    }
    for member in
        ["id", "key", "keyPrefix", "organizationId", "userId", "createdBy", "revokedAt", "permissions"]
    {
        admin.patch(&path, json!({member: "x"})).await.enveloped(400);
    }
    admin.send("PATCH", &path, &[], "".into()).await.enveloped(400);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_key_cannot_take_the_name_of_another_key() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci"})).await.data();
    admin.post(API_KEYS, json!({"name": "deploy"})).await.data();
    let before = server.state().await;
    admin.patch(&api_key(&made["id"]), json!({"name": "deploy"})).await.enveloped(409);
    admin.patch(&api_key(&made["id"]), json!({"name": "admin-key"})).await.enveloped(409);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_ended_key_cannot_be_changed() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci", "expiresAt": "2026-11-22T00:01:00Z"})).await.data();
    server.bed.clock.advance_seconds(60);
    let before = server.state().await;
    admin.patch(&api_key(&made["id"]), json!({"expiresAt": null})).await.enveloped(404);
    assert_eq!(server.state().await, before);
    assert_eq!(admin.get(&keys_of(ADMIN)).await.ok()["total"], 1);
}
