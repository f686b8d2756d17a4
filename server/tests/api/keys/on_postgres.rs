//! The lifecycle of a key on PostgreSQL. It must be the same as on SQLite, which the other files test.

use serde_json::{Value, json};

use crate::support::{Actor, MEMBER, TestServer, key_at, keys_of, user_at};

#[tokio::test]
async fn a_key_goes_through_its_whole_lifecycle() {
    let server = TestServer::start_on_postgres().await;
    let admin = server.admin();
    let name = "a/b 100% ключ 👩‍💻 '; --";
    let body = json!({
        "name": name, "description": "d", "permissions": ["read", "write"], "rate_limit_override": 100,
        "expires_at": "2027-01-01T00:00:00.123456Z",
        "scopes": [{"resource_type": "bucket", "resource_id": "*", "operations": ["read_data"]}],
    });
    let made = admin.post(&keys_of(MEMBER), body).await.ok();
    assert_eq!(made["expires_at"], "2027-01-01T00:00:00.123456Z");
    let client = server.with_key(made["key"].as_str());
    client.get(&keys_of(MEMBER)).await.ok();
    admin.post(&keys_of(MEMBER), json!({"name": name})).await.refused(409, "AlreadyExistsError");
    server.bed.clock.advance_seconds(1);
    let changed =
        admin.patch(&key_at(MEMBER, name), json!({"rate_limit_override": null, "scopes": []})).await.ok();
    assert_eq!((&changed["rate_limit_override"], &changed["scopes"]), (&Value::Null, &json!([])));
    server.bed.clock.advance_seconds(1);
    let path = format!("{}/rotate", key_at(MEMBER, name));
    let next = admin.post(&path, json!({"grace_period_seconds": 60})).await.secret();
    client.get(&keys_of(MEMBER)).await.ok();
    server.bed.clock.advance_seconds(60);
    client.get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
    admin.delete(&key_at(MEMBER, name)).await.ok();
    server.with_key(Some(&next)).get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
    let history = server.history(&made["key_id"]).await;
    assert_eq!(history, ["api_key_revoked", "api_key_rotated", "api_key_scope_updated", "api_key_created"]);
}

#[tokio::test]
async fn hostile_texts_are_stored_unchanged_or_refused() {
    let server = TestServer::start_on_postgres().await;
    let admin = server.admin();
    let metadata =
        json!({"a\u{0}b": ["\u{0}", 1e300, -0.5, 18_446_744_073_709_551_615_u64, null, {"x": "\u{1f600}"}]});
    let changed = admin.patch(&user_at(MEMBER), json!({"metadata": metadata})).await.ok();
    assert_eq!(changed["metadata"], metadata);
    assert_eq!(admin.get(&user_at(MEMBER)).await.ok()["metadata"], metadata);
    for part in ["%00", "a%00b", "%27%3B--", "%5C"] {
        admin.get(&format!("/v1/organizations/users/{part}")).await.refused(404, "NotFoundError");
        admin.delete(&format!("{}/{part}", keys_of(MEMBER))).await.refused(404, "NotFoundError");
    }
}

#[tokio::test]
async fn a_foreign_resource_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start_on_postgres().await;
    let foreign = server.client(Actor::Foreign).await;
    foreign.post(&keys_of("member@globex.example"), json!({"name": "ci"})).await.ok();
    let before = server.state().await;
    let theirs = server.admin().delete(&key_at("member@globex.example", "ci")).await;
    let missing = server.admin().delete(&key_at("ghost@acme.example", "ci")).await;
    theirs.refused(404, "NotFoundError");
    assert_eq!(theirs.body, missing.body);
    assert_eq!(server.state().await, before);
}
