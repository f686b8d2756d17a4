//! The lifecycle of a service account's key on PostgreSQL. It must be the same as on SQLite, which the other
//! files test.

use model::key::Access;
use serde_json::json;

use super::{API_KEYS, api_key};
use crate::support::{ALL_WORDS, TestServer};

#[tokio::test]
async fn a_key_goes_through_its_whole_lifecycle() {
    let server = TestServer::start_on_postgres().await;
    let (service_account, manager) = server.service_account("nightly", &ALL_WORDS, Access::ReadWrite).await;
    let name = "a/b 100% ключ 👩‍💻 '; --";
    let body =
        json!({"name": name, "scope": "read-write", "serviceAccountId": service_account.service_account_id});
    let made = manager.post(API_KEYS, body.clone()).await.data();
    manager.post(API_KEYS, body).await.enveloped(409);
    assert_eq!(made["createdBy"], json!(service_account.service_account_id));
    let path = api_key(&made["id"]);
    let client = server.with_key(made["key"].as_str());
    client.get(&path).await.data();
    server.bed.clock.advance_seconds(1);
    manager.patch(&path, json!({"scope": "read", "description": "d"})).await.data();
    client.delete(&path).await.enveloped(403);
    server.bed.clock.advance_seconds(1);
    let rotated = manager.post(&format!("{path}/rotate"), json!({"gracePeriodSeconds": 60})).await.data();
    client.get(&path).await.data();
    server.with_key(rotated["key"].as_str()).get(&path).await.data();
    server.bed.clock.advance_seconds(1);
    server
        .admin()
        .delete(&format!("/v1/service-accounts/{}", service_account.service_account_id))
        .await
        .data();
    for key in [&made["key"], &rotated["key"]] {
        server.with_key(key.as_str()).get(&path).await.enveloped(401);
    }
    manager.get(API_KEYS).await.enveloped(401);
    let shown = server.admin().get(&path).await.data();
    assert_eq!(shown["revokedAt"], "2026-11-22T00:00:03Z");
    // A background batch writes the key's own audit record later.
    server.bed.finish_ends().await;
    let history = server.history(&made["id"]).await;
    assert_eq!(history, ["api_key_revoked", "api_key_rotated", "api_key_scope_updated", "api_key_created"]);
}
