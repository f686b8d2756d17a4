use serde_json::json;

use super::assert_for_admins_only;
use crate::support::{Actor, MEMBER, TestServer, keys_of, user_at};

const USERS: &str = "/v1/organizations/users";

#[tokio::test]
async fn a_new_user_is_returned_with_all_fields() {
    let server = TestServer::start().await;
    let body = json!({
        "email": "Grace.Hopper@Example.com", "user_name": "Grace", "avatar_url": "https://example.com/g.png", "role": "viewer",
        "metadata": {"team": ["a", 1, null]},
    });
    let made = server.admin().post(USERS, body).await.ok();
    assert!(made["user_id"].as_str().unwrap().starts_with("usr_"));
    assert_eq!(
        made,
        json!({
            "user_id": made["user_id"],
            "email": "Grace.Hopper@Example.com",
            "user_name": "Grace",
            "avatar_url": "https://example.com/g.png",
            "role": "viewer",
            "status": "active",
            "metadata": {"team": ["a", 1, null]},
            "created_at": "2026-11-22T00:00:00Z",
            "updated_at": "2026-11-22T00:00:00Z",
        })
    );
    assert_eq!(server.admin().get(&user_at("grace.hopper@example.com")).await.ok(), made);
}

#[tokio::test]
async fn only_address_and_name_are_required() {
    let server = TestServer::start().await;
    let body = json!({"email": "g@example.com", "user_name": "Gr", "avatar_url": null, "role": null, "metadata": null});
    let made = server.admin().post(USERS, body).await.ok();
    assert_eq!(
        (&made["role"], &made["avatar_url"], &made["metadata"]),
        (&json!("member"), &json!(null), &json!({}))
    );
    server.admin().post(&keys_of("g@example.com"), json!({"name": "ci"})).await.ok();
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nobody_is_added() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let admin = server.admin();
    let refused = async |body| admin.post(USERS, body).await.broken_rules();
    assert_eq!(refused(json!({})).await, ["body/email missing", "body/user_name missing"]);
    let types = json!({"email": 1, "user_name": [], "avatar_url": {}, "role": 5, "metadata": []});
    assert_eq!(
        refused(types).await,
        [
            "body/email string_type",
            "body/user_name string_type",
            "body/avatar_url string_type",
            "body/role string_type",
            "body/metadata model_attributes_type",
        ]
    );
    let values = json!({
        "email": "nobody", "user_name": "x", "avatar_url": "javascript:alert(1)", "role": "root", "organization_id": "org_1",
    });
    assert_eq!(
        refused(values).await,
        [
            "body/email value_error",
            "body/user_name string_too_short",
            "body/avatar_url value_error",
            "body/role enum",
            "body/organization_id extra_forbidden",
        ]
    );
    for email in ["a@b\r\nBcc: c@d", "a b@c", "<a@b>", "a@b@c", "@", ""] {
        let rules = refused(json!({"email": email, "user_name": "Grace"})).await;
        assert!(rules[0].starts_with("body/email "), "{email:?} {rules:?}");
    }
    let long = format!("{}@example.com", "a".repeat(60_000));
    assert_eq!(refused(json!({"email": long, "user_name": "Grace"})).await, ["body/email string_too_long"]);
    for member in ["user_id", "status", "created_at", "updated_at", "password", "is_admin"] {
        let rules = refused(json!({"email": "g@example.com", "user_name": "Grace", member: "x"})).await;
        assert_eq!(rules, [format!("body/{member} extra_forbidden")]);
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_address_is_taken_in_any_letter_case_but_only_in_one_organization() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    let before = server.state().await;
    for email in [MEMBER.to_owned(), MEMBER.to_uppercase()] {
        let reply = server.admin().post(USERS, json!({"email": email, "user_name": "Twin"})).await;
        reply.refused(409, "AlreadyExistsError");
    }
    assert_eq!(server.state().await, before);
    foreign.post(USERS, json!({"email": MEMBER, "user_name": "Twin"})).await.ok();
}

#[tokio::test]
async fn an_address_is_free_again_after_its_member_is_removed() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.delete(&user_at(MEMBER)).await.ok();
    let made = admin.post(USERS, json!({"email": MEMBER, "user_name": "Another"})).await.ok();
    assert_ne!(made["user_id"], json!(server.member.user_id));
    assert_eq!(admin.get(&format!("{}?include_revoked=true", keys_of(MEMBER))).await.ok()["total"], 0);
}

#[tokio::test]
async fn nobody_else_can_add_a_member() {
    assert_for_admins_only("POST", USERS, json!({"email": "g@example.com", "user_name": "Grace"})).await;
}
