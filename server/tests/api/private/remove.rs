use serde_json::json;

use super::{PRIVATE, assert_for_the_operator_only, bootstrap_at, operator, organization_at};
use crate::support::{ADMIN, Actor, MEMBER, TestServer, keys_of};

#[tokio::test]
async fn all_keys_of_a_removed_organization_stop_at_once() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let secret = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.secret();
        let foreign = server.client(Actor::Foreign).await;
        let id = server.org.organization_id.as_str();
        let operator = operator(&server);
        operator.delete(&organization_at(id)).await.ok();

        server.admin().get("/v1/organizations").await.refused(401, "UnauthorizedError");
        server.with_key(Some(&secret)).get("/v1/me").await.refused(401, "UnauthorizedError");
        foreign.get("/v1/organizations").await.ok();
        let users =
            json!({"organization_identifier": id, "users": [{"email": "a@b.example", "user_name": "A B"}]});
        for reply in [
            operator.get(&organization_at(id)).await,
            operator.patch(&organization_at(id), json!({})).await,
            operator.delete(&organization_at(id)).await,
            operator.post_nothing(&bootstrap_at(id, ADMIN)).await,
            operator.post(&format!("{PRIVATE}/add-user"), users).await,
        ] {
            reply.refused(404, "NotFoundError");
        }
        let record = server.bed.audit(&server.org.caller).await.remove(0);
        assert_eq!((record.action.as_str(), record.actor_id.as_str()), ("organization_deleted", "operator"));
    }
}

#[tokio::test]
async fn missing_resources_are_not_found() {
    let server = TestServer::start().await;
    let before = server.state().await;
    for id in ["org_0123456789abcdefghij", "Acme", "add-user"] {
        let reply = operator(&server).delete(&organization_at(id)).await;
        assert!(matches!(reply.status, 404 | 405), "{id}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_use_the_endpoint() {
    let server = TestServer::start().await;
    let path = organization_at(server.org.organization_id.as_str());
    assert_for_the_operator_only(&server, "DELETE", &path).await;
}
