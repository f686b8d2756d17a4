use model::key::Access;
use serde_json::json;

use super::{SERVICE_ACCOUNTS, service_account_at};
use crate::support::{Actor, TestServer};

#[tokio::test]
async fn a_service_account_is_stored_as_given() {
    let server = TestServer::start().await;
    let permissions = json!(["apikey:read", "workflow:execute"]);
    let metadata = json!({"team": "build", "ids": [1, 2]});
    let body = json!({
        "name": "Nightly", "description": "builds", "permissions": permissions, "metadata": metadata,
    });
    let made = server.admin().post(SERVICE_ACCOUNTS, body).await.data();
    assert_eq!(
        made,
        json!({
            "id": made["id"], "name": "Nightly", "description": "builds", "permissions": permissions,
            "metadata": metadata, "status": "active", "organizationId": server.org.organization_id,
            "createdBy": server.org.admin.user_id,
            "createdAt": "2026-11-22T00:00:00Z", "updatedAt": "2026-11-22T00:00:00Z",
        })
    );
    assert!(made["id"].as_str().unwrap().starts_with("sa_"));
    assert_eq!(server.admin().get(&service_account_at(&made["id"])).await.data(), made);
    assert_eq!(server.admin().get(SERVICE_ACCOUNTS).await.data()["items"], json!([made]));
    let none = server
        .admin()
        .post(
            SERVICE_ACCOUNTS,
            json!({"name": "x", "permissions": [], "description": null, "metadata": null}),
        )
        .await;
    let none = none.data();
    assert_eq!(
        (&none["permissions"], none.get("description"), none.get("metadata")),
        (&json!([]), None, None)
    );
    let audit = server.bed.audit(&server.org.caller).await;
    let last = audit.iter().find(|event| event.resource_id == made["id"].as_str().unwrap()).unwrap();
    assert_eq!(last.action.as_str(), "service_account_created");
    assert_eq!(last.changes["metadata"], json!({"before": null, "after": metadata}));
}

#[tokio::test]
async fn a_name_is_taken_until_its_service_account_is_disabled() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(SERVICE_ACCOUNTS, json!({"name": "x", "permissions": []})).await.data();
    let before = server.state().await;
    admin.post(SERVICE_ACCOUNTS, json!({"name": "x", "permissions": []})).await.enveloped(409);
    assert_eq!(server.state().await, before);
    let foreign = server.client(Actor::Foreign).await;
    foreign.post(SERVICE_ACCOUNTS, json!({"name": "x", "permissions": []})).await.data();
    admin.delete(&service_account_at(&made["id"])).await.data();
    admin.post(SERVICE_ACCOUNTS, json!({"name": "x", "permissions": []})).await.data();
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_created() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let before = server.state().await;
    let body = json!({"name": " ", "description": "x".repeat(501), "permissions": ["apikey:*", 5], "status": "active"});
    let message = admin.post(SERVICE_ACCOUNTS, body).await.enveloped(400);
    for place in ["name", "description", "permissions[0]", "permissions[1]", "status"] {
        assert!(message.contains(&format!("{place}: ")), "{place}: {message}");
    }
    for (body, part) in [
        (json!({}), "permissions: "),
        (json!({"name": "x"}), "permissions: "),
        (json!({"permissions": []}), "name: "),
        (json!({"name": "x", "permissions": null}), "permissions: "),
        (json!({"name": "x", "permissions": "apikey:read"}), "permissions: "),
        (json!({"name": "x", "permissions": vec!["a:b"; 101]}), "permissions: "),
        (json!({"name": "x\u{200B}", "permissions": []}), "name: "),
        (json!({"name": "x", "permissions": [], "metadata": "a"}), "metadata: Use an object."),
        (json!({"name": "x", "permissions": [], "metadata": {"": 1}}), "metadata: "),
        (
            json!({"name": "x", "permissions": [], "metadata": {"a": "x".repeat(4089)}}),
            "metadata: Use at most 4096 bytes",
        ),
        (json!({"name": "x".repeat(101), "permissions": []}), "name: "),
    ] {
        let message = admin.post(SERVICE_ACCOUNTS, body.clone()).await.enveloped(400);
        assert!(message.contains(part), "{body}: {message}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_service_account_cannot_create_one_with_more_permissions() {
    let server = TestServer::start().await;
    let words = ["serviceaccount:create", "workflow:execute"];
    let (_, client) = server.service_account("maker", &words, Access::ReadWrite).await;
    let before = server.state().await;
    for words in
        [json!(["apikey:read"]), json!(["workflow:execute", "serviceaccount:read"]), json!(["org:read"])]
    {
        client.post(SERVICE_ACCOUNTS, json!({"name": "x", "permissions": words})).await.enveloped(403);
    }
    assert_eq!(server.state().await, before);
    client.post(SERVICE_ACCOUNTS, json!({"name": "x", "permissions": words})).await.data();
}

#[tokio::test]
async fn nobody_else_can_create_and_nothing_is_created() {
    let server = TestServer::start().await;
    for (actors, status) in [(Actor::UNAUTHENTICATED, 401), (Actor::POWERLESS, 403)] {
        for actor in actors {
            let client = server.client(actor).await;
            let before = server.state().await;
            client.post(SERVICE_ACCOUNTS, json!({"name": "x", "permissions": []})).await.enveloped(status);
            client.post(SERVICE_ACCOUNTS, json!({"name": 5})).await.enveloped(status);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}
