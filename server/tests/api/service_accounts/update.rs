use model::key::Access;
use serde_json::json;

use super::{SERVICE_ACCOUNTS, service_account_at};
use crate::support::{Actor, TestServer};

#[tokio::test]
async fn name_and_permissions_are_replaced_and_description_and_metadata_if_given() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let body = json!({"name": "a", "description": "d", "permissions": ["apikey:read"]});
    let mut made = admin.post(SERVICE_ACCOUNTS, body).await.data();
    let path = service_account_at(&made["id"]);
    server.bed.clock.advance_seconds(1);
    let same = json!({"name": "a", "permissions": ["apikey:read"]});
    assert_eq!(admin.patch(&path, same).await.data(), made, "nothing changed");
    let changed = admin.patch(&path, json!({"name": "b", "permissions": ["org:read"]})).await.data();
    (made["name"], made["permissions"], made["updatedAt"]) =
        (json!("b"), json!(["org:read"]), json!("2026-11-22T00:00:01Z"));
    assert_eq!(changed, made);
    server.bed.clock.advance_seconds(1);
    let changed = admin.patch(&path, json!({"name": "b", "permissions": [], "description": ""})).await.data();
    assert_eq!((changed.get("description"), &changed["permissions"]), (None, &json!([])));
    for (metadata, expected) in [
        (json!({"team": "a", "size": 2}), json!({"team": "a", "size": 2})),
        (json!(null), json!({"team": "a", "size": 2})),
        (json!({"team": "b"}), json!({"team": "b"})),
        (json!({}), json!(null)),
    ] {
        let body = json!({"name": "b", "permissions": [], "metadata": metadata});
        let changed = admin.patch(&path, body).await.data();
        assert_eq!(changed["metadata"], expected, "{metadata}");
        assert_eq!(admin.get(&path).await.data(), changed);
    }
    let audit = server.bed.audit(&server.org.caller).await;
    assert_eq!(json!(audit[0].changes), json!({"metadata": {"before": {"team": "b"}, "after": {}}}));
    let actions = audit.iter().filter(|event| event.resource_id == made["id"].as_str().unwrap());
    let actions: Vec<_> = actions.map(|event| event.action.as_str()).collect();
    assert_eq!(actions, [vec!["service_account_updated"; 5], vec!["service_account_created"]].concat());
}

#[tokio::test]
async fn changed_permissions_apply_at_once() {
    let server = TestServer::start().await;
    let (service_account, client) =
        server.service_account("robot", &["serviceaccount:read"], Access::Read).await;
    client.get(SERVICE_ACCOUNTS).await.data();
    let path = format!("{SERVICE_ACCOUNTS}/{}", service_account.service_account_id);
    server.admin().patch(&path, json!({"name": "robot", "permissions": []})).await.data();
    client.get(SERVICE_ACCOUNTS).await.enveloped(403);
}

#[tokio::test]
async fn an_invalid_request_or_a_taken_name_changes_nothing() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(SERVICE_ACCOUNTS, json!({"name": "a", "permissions": []})).await.data();
    admin.post(SERVICE_ACCOUNTS, json!({"name": "b", "permissions": []})).await.data();
    let path = service_account_at(&made["id"]);
    let before = server.state().await;
    for (body, part) in [
        (json!({}), "name: "),
        (json!({"name": "x"}), "permissions: "),
        (json!({"permissions": []}), "name: "),
        (json!({"name": "x", "permissions": ["all"]}), "permissions[0]: "),
        (json!({"name": "x", "permissions": [], "status": "disabled"}), "status: "),
        (json!({"name": "x", "permissions": [], "metadata": []}), "metadata: "),
    ] {
        let message = admin.patch(&path, body.clone()).await.enveloped(400);
        assert!(message.contains(part), "{body}: {message}");
    }
    admin.patch(&path, json!({"name": "b", "permissions": []})).await.enveloped(409);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_service_account_cannot_widen_its_own_permissions() {
    let server = TestServer::start().await;
    let (service_account, client) =
        server.service_account("robot", &["serviceaccount:update"], Access::ReadWrite).await;
    let path = format!("{SERVICE_ACCOUNTS}/{}", service_account.service_account_id);
    let before = server.state().await;
    let wider = json!({"name": "robot", "permissions": ["serviceaccount:update", "apikey:create"]});
    client.patch(&path, wider).await.enveloped(403);
    assert_eq!(server.state().await, before);
    client.patch(&path, json!({"name": "renamed", "permissions": ["serviceaccount:update"]})).await.data();
}

#[tokio::test]
async fn nobody_else_can_change_anything() {
    let server = TestServer::start().await;
    let id = server.bed.service_account(&server.org, "robot", &[]).await.service_account_id;
    for (actors, status) in [(Actor::UNAUTHENTICATED, 401), (Actor::POWERLESS, 403)] {
        for actor in actors {
            let client = server.client(actor).await;
            let before = server.state().await;
            client.patch(&format!("{SERVICE_ACCOUNTS}/{id}"), json!({"name": 5})).await.enveloped(status);
            client.delete(&format!("{SERVICE_ACCOUNTS}/{id}")).await.enveloped(status);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}
