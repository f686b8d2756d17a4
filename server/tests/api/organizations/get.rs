use serde_json::json;

use crate::support::{Actor, TestServer};

const ORGANIZATION: &str = "/v1/organizations";

#[tokio::test]
async fn an_organization_is_returned_with_all_fields() {
    let server = TestServer::start().await;
    let body = server.admin().get(ORGANIZATION).await.ok();
    let users = server.admin().get("/v1/organizations/users").await.ok()["results"].clone();
    assert_eq!(users.as_array().unwrap().len(), 3);
    assert_eq!(
        body,
        json!({
            "organization_id": server.org.organization_id,
            "organization_name": "Acme",
            "logo_url": null,
            "account_type": "enterprise",
            "credit_count": 0,
            "metadata": {},
            "billing_email": null,
            "rate_limits": {"metadata": 1000, "data": 1000, "search": 1000, "upload": 100, "compute": 100},
            "auto_billing_enabled": false,
            "billing_cycle_start": 1,
            "current_month_usage": 0,
            "created_at": "2026-11-22T00:00:00Z",
            "updated_at": "2026-11-22T00:00:00Z",
            "users": users,
        })
    );
}

#[tokio::test]
async fn a_key_that_may_not_see_members_sees_the_organization_without_them() {
    let server = TestServer::start().await;
    for actor in [Actor::Viewer, Actor::Member, Actor::LesserKey, Actor::Scoped] {
        let body = server.client(actor).await.get(ORGANIZATION).await.ok();
        assert_eq!((&body["organization_name"], &body["users"]), (&json!("Acme"), &json!([])), "{actor:?}");
    }
}

#[tokio::test]
async fn a_key_sees_its_own_organization() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    assert_eq!(foreign.get(ORGANIZATION).await.ok()["organization_name"], "Globex");
}

#[tokio::test]
async fn a_request_without_a_credential_is_refused() {
    let server = TestServer::start().await;
    for actor in Actor::UNAUTHENTICATED {
        server.client(actor).await.get(ORGANIZATION).await.refused(401, "UnauthorizedError");
    }
}
