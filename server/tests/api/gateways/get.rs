use serde_json::json;

use super::{GATEWAYS, gateway_at};
use crate::support::{Actor, TestServer};

#[tokio::test]
async fn a_foreign_gateway_is_answered_like_a_missing_one() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    let theirs = gateway_at(&foreign.post(GATEWAYS, json!({"name": "theirs"})).await.ok());
    let clients = [server.admin(), server.client(Actor::Robot).await];
    let before = server.state().await;
    for client in clients {
        let mut bodies = Vec::new();
        for path in [theirs.as_str(), "/v1/gateways/gw_1", "/v1/gateways/key_1", "/v1/gateways/%00"] {
            for reply in [
                client.get(path).await,
                client.delete(path).await,
                client.patch(path, json!({"name": "x"})).await,
                client.get(&format!("{path}/snippet?proxy=nginx&server=http://a")).await,
            ] {
                reply.refused(404, "NotFoundError");
                bodies.push(reply.text());
            }
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1, "{bodies:?}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_look_is_audited_where_that_is_wanted() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(GATEWAYS, json!({"name": "x"})).await.ok();
    admin.patch("/v1/organizations/audit/settings", json!({"read_auditing_enabled": true})).await.ok();
    for path in [GATEWAYS.to_owned(), gateway_at(&made)] {
        admin.get(&path).await.ok();
        let audit = server.bed.audit(&server.org.caller).await;
        assert_eq!(audit[0].action.as_str(), "gateway_accessed");
    }
}
