use serde_json::json;

use super::{assert_for_the_operator_only, operator, organization_at};
use crate::support::TestServer;

#[tokio::test]
async fn the_operator_can_change_an_organization_like_its_admin() {
    let server = TestServer::start().await;
    server.foreign().await;
    let path = organization_at(server.org.organization_id.as_str());
    let body = json!({"organization_name": "Acme Ltd", "account_type": "team", "rate_limits": {"data": 5}});
    let changed = operator(&server).patch(&path, body).await.ok();
    assert_eq!(
        (&changed["organization_name"], &changed["account_type"]),
        (&json!("Acme Ltd"), &json!("enterprise"))
    );
    assert_eq!(changed["rate_limits"]["data"], 5);
    assert_eq!(server.admin().get("/v1/organizations").await.ok(), changed);
    let record = server.bed.audit(&server.org.caller).await.remove(0);
    assert_eq!((record.action.as_str(), record.actor_id.as_str()), ("organization_updated", "operator"));
    assert!(record.address.is_some() && record.request_id.is_some());
}

#[tokio::test]
async fn all_validation_errors_are_reported() {
    let server = TestServer::start().await;
    let path = organization_at(server.org.organization_id.as_str());
    let before = server.state().await;
    let body = json!({"organization_name": "", "account_type": "gold", "infrastructure": {}});
    assert_eq!(
        operator(&server).patch(&path, body).await.broken_rules(),
        [
            "body/organization_name string_too_short",
            "body/account_type enum",
            "body/infrastructure extra_forbidden"
        ]
    );
    let missing = organization_at("org_0123456789abcdefghij");
    operator(&server).patch(&missing, json!({})).await.refused(404, "NotFoundError");
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_use_the_endpoint() {
    let server = TestServer::start().await;
    let path = organization_at(server.org.organization_id.as_str());
    assert_for_the_operator_only(&server, "PATCH", &path).await;
}
