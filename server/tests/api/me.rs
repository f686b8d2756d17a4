use serde_json::json;

use crate::support::{ADMIN, Actor, MEMBER, TestServer, keys_of};

const ME: &str = "/v1/me";

#[tokio::test]
async fn a_key_can_read_itself() {
    let server = TestServer::start().await;
    let body = json!({"name": "a/b", "permissions": ["write", "read"], "expires_at": "2027-01-01T00:00:00Z"});
    let secret = server.admin().post(&keys_of(MEMBER), body).await.secret();
    let reply = server.with_key(Some(&secret)).get(ME).await;
    assert_eq!(
        reply.ok(),
        json!({
            "organization_id": server.org.organization_id,
            "organization_name": "Acme",
            "account_type": "enterprise",
            "user_email": MEMBER,
            "key": {
                "name": "a/b",
                "key_type": "standard",
                "permissions": ["read", "write"],
                "expires_at": "2027-01-01T00:00:00Z",
            },
            "rate_limits": {"metadata": 1000, "data": 1000, "search": 1000, "upload": 100, "compute": 100},
            "principal_scoped": false,
        })
    );
    let key = &server.admin().get(ME).await.ok()["key"];
    assert_eq!((&key["name"], &key["expires_at"]), (&json!("admin-key"), &json!(null)));
}

#[tokio::test]
async fn only_valid_keys_can_use_the_endpoint() {
    let server = TestServer::start().await;
    for (actor, email) in [
        (Actor::Viewer, "viewer@acme.example"),
        (Actor::LesserKey, ADMIN),
        (Actor::Scoped, ADMIN),
        (Actor::Foreign, "admin@globex.example"),
    ] {
        assert_eq!(server.client(actor).await.get(ME).await.ok()["user_email"], email, "{actor:?}");
    }
    for actor in Actor::UNAUTHENTICATED {
        server.client(actor).await.get(ME).await.refused(401, "UnauthorizedError");
    }
}

#[tokio::test]
async fn a_key_that_reads_itself_is_not_audited() {
    let server = TestServer::start().await;
    let settings = "/v1/organizations/audit/settings";
    server.admin().patch(settings, json!({"read_auditing_enabled": true})).await.ok();
    let before = server.bed.audit(&server.org.caller).await;
    server.admin().get(ME).await.ok();
    assert_eq!(server.bed.audit(&server.org.caller).await, before);
}
