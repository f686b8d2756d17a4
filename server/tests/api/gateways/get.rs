use axum::body::Body;
use serde_json::json;

use super::{GATEWAYS, gateway_at};
use crate::support::{Actor, MEMBER, TestServer, keys_of};

#[tokio::test]
async fn a_foreign_gateway_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    let theirs = gateway_at(&foreign.post(GATEWAYS, json!({"name": "theirs"})).await.ok());
    let clients = [server.admin(), server.client(Actor::ServiceAccount).await];
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
async fn reads_are_audited_if_the_organization_wants_it() {
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

#[tokio::test]
async fn a_gateway_reports_when_it_was_used() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(GATEWAYS, json!({"name": "x"})).await.ok();
    let key = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.secret();
    let asked = format!("/auth/{}/caddy", made["gateway_id"].as_str().unwrap());
    for (shown, first) in [("Bearer nonsense".to_owned(), json!(null)), (format!("Bearer {key}"), json!(2))] {
        server.bed.clock.advance_seconds(1);
        let headers = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/"), ("authorization", &*shown)];
        server.with_key(None).send("GET", &asked, &headers, Body::empty()).await;
        server.bed.service.start_background().stop().await;
        let now = admin.get(&gateway_at(&made)).await.ok();
        assert_eq!(now["last_seen_at"], server.bed.clock.now().to_rfc3339());
        assert_eq!(now["first_seen_at"].is_null(), first.is_null());
        assert_eq!(admin.get(GATEWAYS).await.ok()["results"], json!([now]));
        assert_eq!(admin.patch(&gateway_at(&made), json!({"hide_key": true})).await.ok(), now);
    }
}
