use serde_json::json;

use super::SERVICE_ACCOUNTS;
use crate::support::{Actor, TestServer};

#[tokio::test]
async fn a_foreign_service_account_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    let foreign = server.foreign().await;
    let theirs = server.bed.service_account(foreign, "theirs", &[]).await.service_account_id;
    let service_account = server.client(Actor::ServiceAccount).await;
    let before = server.state().await;
    for client in [server.admin(), service_account] {
        let mut answers = Vec::new();
        for id in [theirs.as_str(), "sa_doesnotexist", "key_a1", "%00", "nonsense"] {
            let path = format!("{SERVICE_ACCOUNTS}/{id}");
            answers.push(client.get(&path).await.without_request_id());
            answers.push(client.delete(&path).await.without_request_id());
            let body = json!({"name": "x", "permissions": []});
            answers.push(client.patch(&path, body).await.without_request_id());
        }
        answers.dedup();
        assert_eq!((answers.len(), answers[0].0), (1, 404));
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_caller_without_the_permission_learns_nothing() {
    let server = TestServer::start().await;
    let id = server.bed.service_account(&server.org, "robot", &[]).await.service_account_id;
    for actor in Actor::POWERLESS {
        let client = server.client(actor).await;
        let known = client.get(&format!("{SERVICE_ACCOUNTS}/{id}")).await;
        known.enveloped(403);
        let unknown = client.get(&format!("{SERVICE_ACCOUNTS}/sa_doesnotexist")).await;
        assert_eq!(known.without_request_id(), unknown.without_request_id());
    }
}
