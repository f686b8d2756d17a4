use model::key::Access;
use serde_json::json;

use super::SERVICE_ACCOUNTS;
use crate::support::TestServer;

#[tokio::test]
async fn disabling_a_service_account_revokes_its_keys_and_keeps_its_record() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let (service_account, client) =
        server.service_account("robot", &["serviceaccount:read"], Access::Read).await;
    let (_, other) = server.service_account("other", &["serviceaccount:read"], Access::Read).await;
    client.get(SERVICE_ACCOUNTS).await.data();
    let path = format!("{SERVICE_ACCOUNTS}/{}", service_account.service_account_id);
    server.bed.clock.advance_seconds(1);
    let reply = admin.delete(&path).await;
    assert_eq!(reply.data(), json!(null));
    client.get(SERVICE_ACCOUNTS).await.enveloped(401);
    other.get(SERVICE_ACCOUNTS).await.data();
    let shown = admin.get(&path).await.data();
    assert_eq!(
        (&shown["status"], &shown["disabledAt"], &shown["updatedAt"]),
        (&json!("disabled"), &json!("2026-11-22T00:00:01Z"), &json!("2026-11-22T00:00:01Z"))
    );
    let before = server.state().await;
    admin.delete(&path).await.enveloped(404);
    admin.patch(&path, json!({"name": "x", "permissions": []})).await.enveloped(404);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_service_account_can_disable_itself() {
    let server = TestServer::start().await;
    let (service_account, client) =
        server.service_account("robot", &["serviceaccount:delete"], Access::ReadWrite).await;
    client.delete(&format!("{SERVICE_ACCOUNTS}/{}", service_account.service_account_id)).await.data();
    client.get(SERVICE_ACCOUNTS).await.enveloped(401);
}
