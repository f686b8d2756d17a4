use serde_json::{Value, json};

use crate::support::{ADMIN, Actor, Client, MEMBER, TestServer, key_at, keys_of};

async fn server_with_key(body: Value) -> (TestServer, Client, Value) {
    let server = TestServer::start().await;
    let admin = server.admin();
    let mut made = admin.post(&keys_of(MEMBER), body).await.ok();
    made.as_object_mut().unwrap().remove("key");
    (server, admin, made)
}

#[tokio::test]
async fn an_empty_change_changes_nothing() {
    let (server, admin, made) = server_with_key(json!({"name": "ci", "description": "d"})).await;
    let before = server.state().await;
    assert_eq!(admin.patch(&key_at(MEMBER, "ci"), json!({})).await.ok(), made);
    let nulls = json!({"name": null, "permissions": null, "scopes": null, "status": null});
    assert_eq!(admin.patch(&key_at(MEMBER, "ci"), nulls).await.ok(), made);
    assert_eq!(admin.patch(&key_at(MEMBER, "ci"), json!({"status": "active"})).await.ok(), made);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn only_the_given_fields_are_changed() {
    let (server, admin, made) = server_with_key(json!({"name": "ci", "description": "d"})).await;
    let end = "2027-01-01T00:00:00Z";
    let scopes = json!([{"resource_type": "user", "resource_id": "*", "operations": null}]);
    let patch = json!({
        "name": "deploy", "permissions": ["write", "read"], "scopes": scopes, "rate_limit_override": 7, "expires_at": end,
    });
    server.bed.clock.advance_seconds(1);
    let changed = admin.patch(&key_at(MEMBER, "ci"), patch).await.ok();
    let mut expected = made;
    for (member, value) in [
        ("name", json!("deploy")),
        ("permissions", json!(["read", "write"])),
        ("scopes", scopes),
        ("rate_limit_override", json!(7)),
        ("expires_at", json!(end)),
    ] {
        expected[member] = value;
    }
    assert_eq!(changed, expected);
    assert_eq!(server.history(&changed["key_id"]).await, ["api_key_scope_updated", "api_key_created"]);
    admin.patch(&key_at(MEMBER, "ci"), json!({})).await.refused(404, "NotFoundError");

    let cleared = admin
        .patch(
            &key_at(MEMBER, "deploy"),
            json!({"description": null, "rate_limit_override": null, "expires_at": null, "scopes": []}),
        )
        .await
        .ok();
    assert_eq!((&cleared["description"], &cleared["scopes"]), (&json!(""), &json!([])));
    assert_eq!((&cleared["rate_limit_override"], &cleared["expires_at"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_changed() {
    let (server, admin, _) = server_with_key(json!({"name": "ci"})).await;
    let before = server.state().await;
    let patch = json!({
        "name": "", "description": 5, "permissions": ["root"], "scopes": [{"resource_type": "document", "resource_id": "x"}],
        "rate_limit_override": 0.5, "expires_at": "2020-01-01T00:00:00Z", "status": "expired", "key_hash": "x",
    });
    let mut rules = admin.patch(&key_at(MEMBER, "ci"), patch).await.broken_rules();
    rules.sort();
    assert_eq!(
        rules,
        [
            "body/description string_type",
            "body/expires_at value_error",
            "body/key_hash extra_forbidden",
            "body/name string_too_short",
            "body/permissions/0 enum",
            "body/rate_limit_override int_from_float",
            "body/scopes/0/resource_type enum",
            "body/status value_error",
        ]
    );
    assert_eq!(
        admin.patch(&key_at(MEMBER, "ci"), json!({"status": "gone"})).await.broken_rules(),
        ["body/status enum"]
    );
    for member in
        ["user_id", "organization_id", "created_by", "revoked_at", "key", "version", "grace_period_seconds"]
    {
        let reply = admin.patch(&key_at(MEMBER, "ci"), json!({member: "x"})).await;
        assert_eq!(reply.broken_rules(), [format!("body/{member} extra_forbidden")]);
    }
    assert_eq!(
        admin.send("PATCH", &key_at(MEMBER, "ci"), &[], "".into()).await.broken_rules(),
        ["body missing"]
    );
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_key_can_be_revoked_by_its_status_for_good() {
    let (server, admin, made) = server_with_key(json!({"name": "ci"})).await;
    server.bed.clock.advance_seconds(1);
    let revoked = admin.patch(&key_at(MEMBER, "ci"), json!({"status": "revoked"})).await.ok();
    assert_eq!(
        (&revoked["status"], &revoked["revoked_by"]),
        (&json!("revoked"), &json!(server.org.admin.user_id))
    );
    assert_eq!(revoked["revoked_at"], "2026-11-22T00:00:01Z");
    assert_eq!(server.history(&made["key_id"]).await, ["api_key_revoked", "api_key_created"]);
    let before = server.state().await;
    for patch in [json!({"status": "active"}), json!({"expires_at": null}), json!({})] {
        admin.patch(&key_at(MEMBER, "ci"), patch).await.refused(404, "NotFoundError");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_expired_key_cannot_be_extended() {
    let (server, admin, _) =
        server_with_key(json!({"name": "ci", "expires_at": "2026-11-22T00:01:00Z"})).await;
    server.bed.clock.advance_seconds(60);
    let before = server.state().await;
    admin.patch(&key_at(MEMBER, "ci"), json!({"expires_at": null})).await.refused(404, "NotFoundError");
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_key_cannot_take_the_name_of_another_key() {
    let (server, admin, _) = server_with_key(json!({"name": "ci"})).await;
    admin.post(&keys_of(MEMBER), json!({"name": "deploy"})).await.ok();
    let before = server.state().await;
    admin.patch(&key_at(MEMBER, "ci"), json!({"name": "deploy"})).await.refused(409, "AlreadyExistsError");
    admin.patch(&key_at(MEMBER, "ci"), json!({"name": "admin-key"})).await.refused(403, "ForbiddenError");
    for look_alike in ["Admin-Key", "admi𝐧⁃key"] {
        let reply = admin.patch(&key_at(MEMBER, "ci"), json!({"name": look_alike})).await;
        assert_eq!(reply.broken_rules(), ["body/name value_error"], "{look_alike}");
    }
    assert_eq!(server.state().await, before);
    admin.patch(&key_at(MEMBER, "ci"), json!({"name": "ci"})).await.ok();
}

#[tokio::test]
async fn the_admin_key_is_protected_in_any_spelling() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let before = server.state().await;
    for path in [
        key_at(ADMIN, "admin-key"),
        format!("{}/%61dmin%2Dkey", keys_of(ADMIN)),
        format!("{}/admin-key", keys_of(&ADMIN.to_uppercase())),
    ] {
        for patch in [json!({"name": "x"}), json!({"status": "revoked"}), json!({})] {
            admin.patch(&path, patch).await.refused(403, "ForbiddenError");
        }
        admin.post_nothing(&format!("{path}/rotate")).await.refused(403, "ForbiddenError");
        admin.delete(&path).await.refused(403, "ForbiddenError");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_foreign_key_gets_the_same_response_as_a_missing_one() {
    let (server, admin, _) = server_with_key(json!({"name": "ci"})).await;
    let foreign = server.client(Actor::Foreign).await;
    foreign.post(&keys_of("member@globex.example"), json!({"name": "ci"})).await.ok();
    let before = server.state().await;
    let theirs = admin.patch(&key_at("member@globex.example", "ci"), json!({"name": "x"})).await;
    let missing = admin.patch(&key_at("ghost@acme.example", "ci"), json!({"name": "x"})).await;
    theirs.refused(404, "NotFoundError");
    assert_eq!(theirs.body, missing.body);
    admin.patch(&key_at(MEMBER, "ghost"), json!({})).await.refused(404, "NotFoundError");
    assert_eq!(server.state().await, before);
}
