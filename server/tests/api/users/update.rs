use serde_json::json;

use super::assert_for_admins_only;
use crate::support::{ADMIN, MEMBER, TestServer, VIEWER, keys_of, user_at};

#[tokio::test]
async fn only_the_given_fields_are_changed() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let mut expected = admin.get(&user_at(MEMBER)).await.ok();
    server.bed.clock.advance_seconds(1);
    let patch = json!({"user_name": "Ada", "avatar_url": "https://example.com/a.png", "role": "viewer", "metadata": {"a": 1}});
    for (member, value) in patch.as_object().unwrap() {
        expected[member] = value.clone();
    }
    expected["updated_at"] = json!("2026-11-22T00:00:01Z");
    assert_eq!(admin.patch(&user_at(MEMBER), patch).await.ok(), expected);
    assert_eq!(admin.get(&user_at(MEMBER)).await.ok(), expected);

    let cleared = admin.patch(&user_at(MEMBER), json!({"avatar_url": null, "metadata": {}})).await.ok();
    assert_eq!((&cleared["avatar_url"], &cleared["metadata"]), (&json!(null), &json!({})));
}

#[tokio::test]
async fn an_empty_change_changes_nothing() {
    let server = TestServer::start().await;
    let before = server.state().await;
    for patch in [json!({}), json!({"user_name": null, "role": null, "status": null, "metadata": null})] {
        server.admin().patch(&user_at(MEMBER), patch).await.ok();
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_changed() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let patch = json!({"user_name": "x", "avatar_url": "ftp://x", "role": "root", "status": "gone", "metadata": 5, "email": "a@b"});
    let mut rules = server.admin().patch(&user_at(MEMBER), patch).await.broken_rules();
    rules.sort();
    assert_eq!(
        rules,
        [
            "body/avatar_url value_error",
            "body/email extra_forbidden",
            "body/metadata model_attributes_type",
            "body/role enum",
            "body/status enum",
            "body/user_name string_too_short",
        ]
    );
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn suspending_a_user_revokes_all_keys_for_good() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let secret = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.secret();
    admin.patch(&user_at(MEMBER), json!({"status": "suspended"})).await.ok();
    assert_eq!(admin.get(&keys_of(MEMBER)).await.ok()["total"], 0);
    let ended = admin.get(&format!("{}?include_revoked=true", keys_of(MEMBER))).await.ok();
    assert_eq!(ended["results"][0]["status"], "revoked");
    admin.patch(&user_at(MEMBER), json!({"status": "active"})).await.ok();
    server.with_key(Some(&secret)).get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
}

#[tokio::test]
async fn a_lower_role_limits_every_key_at_once() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.patch(&user_at(MEMBER), json!({"role": "admin"})).await.ok();
    let secret = admin.post(&keys_of(MEMBER), json!({"name": "ci", "permissions": ["admin"]})).await.secret();
    let client = server.with_key(Some(&secret));
    client.get(&keys_of(VIEWER)).await.ok();
    admin.patch(&user_at(MEMBER), json!({"role": "member"})).await.ok();
    client.get(&keys_of(VIEWER)).await.refused(403, "ForbiddenError");
}

#[tokio::test]
async fn the_last_admin_cannot_lose_the_role() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let before = server.state().await;
    for patch in [json!({"role": "member"}), json!({"status": "suspended"}), json!({"status": "pending"})] {
        admin.patch(&user_at(ADMIN), patch).await.refused(403, "ForbiddenError");
    }
    admin.delete(&user_at(ADMIN)).await.refused(403, "ForbiddenError");
    assert_eq!(server.state().await, before);
    admin.patch(&user_at(MEMBER), json!({"role": "admin"})).await.ok();
    admin.patch(&user_at(ADMIN), json!({"role": "member"})).await.ok();
}

#[tokio::test]
async fn a_foreign_member_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    server.foreign().await;
    let before = server.state().await;
    let foreign = server.admin().patch(&user_at("member@globex.example"), json!({"role": "viewer"})).await;
    let missing = server.admin().patch(&user_at("ghost@acme.example"), json!({"role": "viewer"})).await;
    foreign.refused(404, "NotFoundError");
    assert_eq!(foreign.body, missing.body);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_key_scoped_to_one_user_can_change_only_that_user() {
    let server = TestServer::start().await;
    let scope = json!({"resource_type": "user", "resource_id": MEMBER});
    let client = server.with_scoped_key(ADMIN, "helper", scope).await;
    client.patch(&user_at(MEMBER), json!({"user_name": "Ada"})).await.ok();
    let before = server.state().await;
    let theirs = client.patch(&user_at(VIEWER), json!({"user_name": "Ada"})).await;
    let missing = client.patch(&user_at("ghost@acme.example"), json!({"user_name": "Ada"})).await;
    theirs.refused(403, "ForbiddenError");
    assert_eq!(theirs.body, missing.body);
    assert_eq!(server.state().await, before);
}

/// A caller cannot grant more than it has, and an admin has no scopes.
#[tokio::test]
async fn a_key_with_scopes_cannot_make_anyone_an_admin() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.patch(&user_at(VIEWER), json!({"role": "admin", "status": "suspended"})).await.ok();
    for (name, kind, id) in [("one", "user", "*"), ("all", "organization", "*")] {
        let scope = json!({"resource_type": kind, "resource_id": id});
        let client = server.with_scoped_key(ADMIN, name, scope).await;
        let before = server.state().await;
        let new = json!({"email": "new@acme.example", "user_name": "New", "role": "admin"});
        for refused in [
            client.patch(&user_at(MEMBER), json!({"role": "admin"})).await,
            client.patch(&user_at(VIEWER), json!({"status": "active"})).await,
            client.post("/v1/organizations/users", new).await,
        ] {
            refused.refused(403, "ForbiddenError");
        }
        assert_eq!(server.state().await, before);
        client.patch(&user_at(ADMIN), json!({"user_name": "Still an admin"})).await.ok();
    }
    admin.patch(&user_at(VIEWER), json!({"status": "active"})).await.ok();
}

#[tokio::test]
async fn nobody_else_can_change_a_member() {
    assert_for_admins_only("PATCH", &user_at(MEMBER), json!({"role": "admin"})).await;
}
