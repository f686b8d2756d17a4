use serde_json::json;
use service::GATEWAYS_MAX;

use super::{GATEWAYS, gateway_at};
use crate::support::{Actor, TestServer};

#[tokio::test]
async fn a_gateway_is_stored_as_given() {
    let server = TestServer::start().await;
    let rules = json!([
        {"method": "GET", "path": "/v1/buckets/{bucket}/**", "access": "key", "permission": "read",
         "resource": {"type": "bucket", "id": "{bucket}", "operation": "read_data"}},
        {"method": null, "path": "/healthz", "access": "open", "permission": null, "resource": null},
    ]);
    let body = json!({
        "name": "Public API", "key_header": "X-Api-Key", "rules": rules, "otherwise": "key",
        "headers": ["X-Key-Name", "X-Key-Id"], "hide_key": false,
    });
    let made = server.admin().post(GATEWAYS, body).await.ok();
    assert_eq!(
        made,
        json!({
            "gateway_id": made["gateway_id"], "organization_id": server.org.organization_id, "name": "Public API",
            "key_header": "X-Api-Key", "rules": rules, "otherwise": "key", "headers": ["X-Key-Id", "X-Key-Name"],
            "hide_key": false, "created_by": server.org.admin.user_id,
            "created_at": "2026-11-22T00:00:00Z", "updated_at": "2026-11-22T00:00:00Z", "first_seen_at": null,
            "last_seen_at": null,
        })
    );
    assert!(made["gateway_id"].as_str().unwrap().len() >= 23);
    assert_eq!(server.admin().get(&gateway_at(&made)).await.ok(), made);
    let least = server.admin().post(GATEWAYS, json!({"name": "A", "rules": null})).await.ok();
    assert_eq!(least["headers"].as_array().unwrap().len(), 9);
    assert_eq!((&least["key_header"], &least["otherwise"]), (&json!("Authorization"), &json!("key")));
    let list = server.admin().get(GATEWAYS).await.ok();
    assert_eq!(list, json!({"results": [least, made], "total": 2}));
    let audit = server.bed.audit(&server.org.caller).await;
    let of_first =
        audit.iter().find(|event| event.resource_id == made["gateway_id"].as_str().unwrap()).unwrap();
    assert_eq!((of_first.action.as_str(), of_first.resource.as_str()), ("gateway_created", "gateway"));
    assert_eq!(of_first.changes["rules"]["after"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_name_is_taken_only_in_its_organization() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(GATEWAYS, json!({"name": "x"})).await.ok();
    let before = server.state().await;
    admin.post(GATEWAYS, json!({"name": "x"})).await.refused(409, "AlreadyExistsError");
    assert_eq!(server.state().await, before);
    server.client(Actor::Foreign).await.post(GATEWAYS, json!({"name": "x"})).await.ok();
    admin.delete(&gateway_at(&made)).await.ok();
    admin.post(GATEWAYS, json!({"name": "x"})).await.ok();
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_created() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let body = json!({
        "name": " ", "key_header": "Cookie", "otherwise": "maybe", "headers": ["Host", 5], "hide_key": "yes", "id": 1,
        "rules": [
            {"path": "v1"},
            5,
            {"path": "/", "permision": "read"},
            {"path": "/{a}", "resource": {"type": "bucket", "id": "{b}", "kind": 1}},
            {"path": "/", "access": "open", "permission": "read"},
        ],
    });
    let rules = server.admin().post(GATEWAYS, body).await.broken_rules();
    for rule in [
        "body/name value_error",
        "body/key_header value_error",
        "body/otherwise enum",
        "body/headers/0 enum",
        "body/headers/1 string_type",
        "body/hide_key bool_parsing",
        "body/id extra_forbidden",
        "body/rules/0/path value_error",
        "body/rules/1 model_attributes_type",
        "body/rules/2/permision extra_forbidden",
        "body/rules/3/resource/id value_error",
        "body/rules/3/resource/kind extra_forbidden",
        "body/rules/4/access value_error",
    ] {
        assert!(rules.iter().any(|reported| reported == rule), "{rule}: {rules:#?}");
    }
    for (body, rule) in [
        (json!({}), "body/name missing"),
        (json!({"name": "x", "rules": vec![json!({"path": "/"}); 101]}), "body/rules value_error"),
        (json!({"name": "x", "rules": {}}), "body/rules list_type"),
        (json!({"name": "x\u{202E}"}), "body/name value_error"),
    ] {
        assert_eq!(server.admin().post(GATEWAYS, body).await.broken_rules(), [rule]);
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn the_number_of_gateways_is_limited() {
    let server = TestServer::start().await;
    for n in 0..GATEWAYS_MAX {
        server.admin().post(GATEWAYS, json!({"name": format!("{n}")})).await.ok();
    }
    let before = server.state().await;
    server.admin().post(GATEWAYS, json!({"name": "one more"})).await.refused(403, "QuotaExceededError");
    assert_eq!(server.state().await, before);
    server.client(Actor::Foreign).await.post(GATEWAYS, json!({"name": "x"})).await.ok();
}
