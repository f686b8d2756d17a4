//! Reads are recorded in the audit log if the organization has switched that on.

use axum::body::Body;
use serde_json::json;

use super::{LOGS, SETTINGS};
use crate::support::{ADMIN, Actor, MEMBER, TestServer, keys_of, user_at};

#[tokio::test]
async fn every_read_is_recorded_while_read_auditing_is_on() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let records = async || server.bed.audit(&server.org.caller).await;
        let organization = server.org.organization_id.to_string();
        let member = server.member.user_id.to_string();
        let before = records().await.len();
        admin.get("/v1/organizations/users").await.ok();
        assert_eq!(records().await.len(), before, "it is off at first");

        admin.patch(SETTINGS, json!({"read_auditing_enabled": true})).await.ok();
        let id = records().await.remove(0).audit_id;
        for (path, expected) in [
            ("/v1/organizations/users".to_owned(), vec![("user_accessed", &organization)]),
            (user_at(MEMBER), vec![("user_accessed", &member)]),
            (keys_of(MEMBER), vec![("api_key_accessed", &member)]),
            // The answer contains the members too.
            (
                "/v1/organizations".to_owned(),
                vec![("user_accessed", &organization), ("organization_accessed", &organization)],
            ),
            (LOGS.to_owned(), vec![("audit_log_accessed", &organization)]),
            (format!("{LOGS}/{id}"), vec![("audit_log_accessed", &organization)]),
        ] {
            let before = records().await.len();
            admin.get(&path).await.ok();
            let after = records().await;
            let new: Vec<_> = after.iter().take(after.len() - before).collect();
            let seen: Vec<_> = new.iter().map(|event| (event.action.as_str(), &event.resource_id)).collect();
            assert_eq!(seen, expected, "{path}");
            assert!(new.iter().all(|event| event.actor_name == ADMIN && event.changes.is_empty()), "{path}");
        }
        admin.patch(SETTINGS, json!({"read_auditing_enabled": false})).await.ok();
        let before = records().await.len();
        admin.get(&keys_of(MEMBER)).await.ok();
        assert_eq!(records().await.len(), before);
    }
}

#[tokio::test]
async fn a_refused_read_is_not_recorded_and_a_head_is() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.patch(SETTINGS, json!({"read_auditing_enabled": true})).await.ok();
    let before = server.bed.audit(&server.org.caller).await;
    admin.get(&user_at("ghost@acme.example")).await.refused(404, "NotFoundError");
    admin.get(&format!("{LOGS}?limit=0")).await.broken_rules();
    server.with_key(None).get(LOGS).await.refused(401, "UnauthorizedError");
    assert_eq!(server.bed.audit(&server.org.caller).await, before);
    admin.send("HEAD", LOGS, &[], Body::empty()).await;
    assert_eq!(server.bed.audit(&server.org.caller).await.len(), before.len() + 1);
}

#[tokio::test]
async fn read_auditing_of_one_organization_does_not_affect_another() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    foreign.patch(SETTINGS, json!({"read_auditing_enabled": true})).await.ok();
    let before = server.bed.audit(&server.org.caller).await;
    server.admin().get(LOGS).await.ok();
    assert_eq!(server.bed.audit(&server.org.caller).await, before);
}

#[tokio::test]
async fn the_history_of_a_key_contains_only_changes() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.patch(SETTINGS, json!({"read_auditing_enabled": true})).await.ok();
    let key = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    for _ in 0..3 {
        assert_eq!(server.history(&key["key_id"]).await, ["api_key_created"]);
    }
    let all = admin.get(&format!("{LOGS}?resource_id={}", key["key_id"].as_str().unwrap())).await.ok();
    assert_eq!(all["total"], 4);
}
