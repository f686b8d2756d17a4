use serde_json::json;

use super::{LOGS, SETTINGS};
use crate::support::{Actor, TestServer};

#[tokio::test]
async fn reads_are_not_audited_by_default() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let off = json!({"read_auditing_enabled": false});
    assert_eq!(admin.get(SETTINGS).await.ok(), off);
    let before = server.state().await;
    for body in [json!({}), off.clone(), json!({"read_auditing_enabled": null})] {
        assert_eq!(admin.patch(SETTINGS, body).await.ok(), off);
    }
    assert_eq!(server.state().await, before);

    let on = json!({"read_auditing_enabled": true});
    assert_eq!(admin.patch(SETTINGS, on.clone()).await.ok(), on);
    assert_eq!(admin.get(SETTINGS).await.ok(), on);
    let record = admin.get(&format!("{LOGS}?limit=1")).await.ok()["results"][0].clone();
    assert_eq!(record["action"], "audit_settings_updated");
    assert_eq!(record["changes"], json!({"read_auditing_enabled": {"before": false, "after": true}}));
}

#[tokio::test]
async fn an_invalid_body_changes_nothing() {
    let server = TestServer::start().await;
    let before = server.state().await;
    for (body, rule) in [
        (json!({"read_auditing_enabled": "true"}), "body/read_auditing_enabled bool_parsing"),
        (json!({"read_auditing_enabled": 1}), "body/read_auditing_enabled bool_parsing"),
        (json!({"read_auditing_enabled": true, "x": 1}), "body/x extra_forbidden"),
        (json!([]), "body model_attributes_type"),
    ] {
        assert_eq!(server.admin().patch(SETTINGS, body).await.broken_rules(), [rule]);
    }
    let nothing = server.admin().send("PATCH", SETTINGS, &[], axum::body::Body::empty()).await;
    assert_eq!(nothing.broken_rules(), ["body missing"]);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_read_or_change() {
    let server = TestServer::start().await;
    for (actors, status, kind) in [
        (Actor::UNAUTHENTICATED.as_slice(), 401, "UnauthorizedError"),
        (Actor::POWERLESS.as_slice(), 403, "ForbiddenError"),
    ] {
        for actor in actors {
            let client = server.client(*actor).await;
            let before = server.state().await;
            client.get(SETTINGS).await.refused(status, kind);
            client.patch(SETTINGS, json!({"read_auditing_enabled": true})).await.refused(status, kind);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}
