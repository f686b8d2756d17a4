use super::{assert_for_the_operator_only, operator, organization_at};
use crate::support::TestServer;

#[tokio::test]
async fn an_organization_is_shown_as_its_admin_sees_it() {
    let server = TestServer::start().await;
    let shown = operator(&server).get(&organization_at(server.org.organization_id.as_str())).await.ok();
    assert_eq!(shown, server.admin().get("/v1/organizations").await.ok());
}

#[tokio::test]
async fn missing_resources_are_not_found() {
    let server = TestServer::start().await;
    for id in ["org_0123456789abcdefghij", "Acme", "org_", "x", "%00", "%2E%2E"] {
        operator(&server).get(&organization_at(id)).await.refused(404, "NotFoundError");
    }
}

#[tokio::test]
async fn nobody_else_can_read() {
    let server = TestServer::start().await;
    let path = organization_at(server.org.organization_id.as_str());
    assert_for_the_operator_only(&server, "GET", &path).await;
}
