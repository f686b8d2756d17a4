use serde_json::json;

use super::{GATEWAYS, gateway_at};
use crate::support::TestServer;

#[tokio::test]
async fn absent_and_null_fields_stay_as_they_are() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let rules = json!([{"path": "/v1/**", "permission": "read"}]);
    let made = admin.post(GATEWAYS, json!({"name": "x", "rules": rules, "headers": ["X-Key-Id"]})).await.ok();
    let path = gateway_at(&made);
    let before = server.state().await;
    for body in [json!({}), json!({"name": null, "rules": null, "headers": null}), json!({"name": "x"})] {
        assert_eq!(admin.patch(&path, body).await.ok(), made);
    }
    assert_eq!(server.state().await, before);
    let changed = admin.patch(&path, json!({"rules": [], "hide_key": false})).await.ok();
    assert_eq!((&changed["rules"], &changed["hide_key"]), (&json!([]), &json!(false)));
    // Removing the rules does not open what was closed.
    assert_eq!((&changed["otherwise"], &changed["headers"]), (&json!("closed"), &json!(["X-Key-Id"])));
    let audit = server.bed.audit(&server.org.caller).await;
    let mut fields: Vec<_> = audit[0].changes.keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!((audit[0].action.as_str(), fields), ("gateway_updated", vec!["hide_key", "rules"]));
}

#[tokio::test]
async fn an_invalid_change_changes_nothing() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(GATEWAYS, json!({"name": "y"})).await.ok();
    let path = gateway_at(&admin.post(GATEWAYS, json!({"name": "x"})).await.ok());
    let before = server.state().await;
    admin.patch(&path, json!({"name": "y"})).await.refused(409, "AlreadyExistsError");
    let rules = admin.patch(&path, json!({"name": "z", "rules": [{"path": "/../x"}]})).await.broken_rules();
    assert_eq!(rules, ["body/rules/0/path value_error"]);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_removed_gateway_is_not_found() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let path = gateway_at(&admin.post(GATEWAYS, json!({"name": "x"})).await.ok());
    admin.delete(&path).await.ok();
    admin.delete(&path).await.refused(404, "NotFoundError");
    assert_eq!(admin.get(GATEWAYS).await.ok()["total"], 0);
    let audit = server.bed.audit(&server.org.caller).await;
    assert_eq!(audit[0].action.as_str(), "gateway_deleted");
}
