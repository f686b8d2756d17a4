use axum::body::Body;
use serde_json::json;

use super::LOGS;
use crate::support::{Actor, MEMBER, TestServer, keys_of};

#[tokio::test]
async fn an_audit_record_is_returned_with_all_fields() {
    let server = TestServer::start().await;
    let headers = [("x-request-id", "mine-1"), ("user-agent", "test/1")];
    let body = json!({"name": "ci"}).to_string();
    let key = server.admin().send("POST", &keys_of(MEMBER), &headers, Body::from(body)).await.ok();
    let listed = server.admin().get(&format!("{LOGS}?limit=1")).await.ok()["results"][0].clone();
    let id = listed["audit_id"].as_str().unwrap();
    let record = server.admin().get(&format!("{LOGS}/{id}")).await.ok();
    assert_eq!(record, listed);
    let admin_key = server.bed.keys_of(&server.org, &server.org.admin).await.remove(0).key_id;
    let changes = json!({
        "name": {"before": null, "after": "ci"},
        "owner": {"before": null, "after": MEMBER},
        "permissions": {"before": null, "after": ["read"]},
        "scopes": {"before": null, "after": []},
        "environment": {"before": null, "after": "live"},
    });
    assert_eq!(
        record,
        json!({
            "audit_id": id,
            "timestamp": "2026-11-22T00:00:00Z",
            "resource_type": "api_key",
            "resource_id": key["key_id"],
            "action": "api_key_created",
            "actor_id": server.org.admin.user_id,
            "actor_type": "api_key",
            "status": "success",
            "changes": changes,
            "ip_address": "0.0.0.0",
            "user_agent": "test/1",
            "actor_name": "admin@acme.example",
            "actor_key_id": admin_key,
            "request_id": "mine-1",
        })
    );
}

#[tokio::test]
async fn a_foreign_record_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    let foreign = server.bed.audit(&server.foreign().await.caller).await.remove(0).audit_id;
    let missing = server.admin().get(&format!("{LOGS}/aud_0123456789abcdefghij")).await;
    missing.refused(404, "NotFoundError");
    let long = "a".repeat(60_000);
    for id in [foreign.as_str(), "x", "aud_", "%00", "aud_%27", "..%2F", &long] {
        assert_eq!(server.admin().get(&format!("{LOGS}/{id}")).await.body, missing.body, "{id:.40}");
    }
}

#[tokio::test]
async fn nobody_else_can_read() {
    let server = TestServer::start().await;
    let id = server.bed.audit(&server.org.caller).await.remove(0).audit_id;
    let path = format!("{LOGS}/{id}");
    for actor in Actor::UNAUTHENTICATED {
        server.client(actor).await.get(&path).await.refused(401, "UnauthorizedError");
    }
    for actor in Actor::POWERLESS {
        server.client(actor).await.get(&path).await.refused(403, "ForbiddenError");
    }
}
