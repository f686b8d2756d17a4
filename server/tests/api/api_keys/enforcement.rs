//! What a revocation responds with if it is asked how many servers enforce it, at both addresses.

use serde_json::{Value, json};

use super::{API_KEYS, api_key};
use crate::support::{MEMBER, Reply, TestServer, keys_of};

const ONE: [(&str, u64); 4] = [("nodes", 1), ("enforcing", 1), ("silent", 0), ("waited_ms", 0)];

async fn paths(server: &TestServer) -> [String; 2] {
    let by_id = server.admin().post(API_KEYS, json!({"name": "by id"})).await.data();
    server.admin().post(&keys_of(MEMBER), json!({"name": "named"})).await.ok();
    [api_key(&by_id["id"]), format!("{}/named", keys_of(MEMBER))]
}

fn members(reply: &Reply) -> Vec<String> {
    reply.json().as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn a_revocation_says_how_many_servers_enforce_it_if_it_is_asked() {
    let server = TestServer::start().await;
    let one: Value = ONE.iter().map(|(name, number)| ((*name).to_owned(), json!(number))).collect();
    for path in paths(&server).await {
        let reply = server.admin().delete(&format!("{path}?enforcement=true")).await;
        assert_eq!((reply.status, &reply.json()["enforcement"]), (200, &one), "{path}");
    }
}

#[tokio::test]
async fn without_being_asked_it_says_nothing_about_that() {
    let server = TestServer::start().await;
    for (path, query) in paths(&server).await.iter().zip(["", "?enforcement=false"]) {
        let reply = server.admin().delete(&format!("{path}{query}")).await;
        assert_eq!(reply.status, 200);
        assert!(!members(&reply).contains(&"enforcement".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_parameter_that_cannot_be_read_revokes_nothing() {
    let server = TestServer::start().await;
    let paths = paths(&server).await;
    let before = server.state().await;
    for query in ["enforcement=yes", "enforcement=", "enforcement=true&enforcement=true", "enforcement=%FF"] {
        server.admin().delete(&format!("{}?{query}", paths[0])).await.enveloped(400);
        assert_eq!(server.admin().delete(&format!("{}?{query}", paths[1])).await.status, 422, "{query}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_silent_server_is_counted_apart() {
    let server = TestServer::start_on_postgres().await;
    server.bed.database.run(
        "INSERT INTO nodes (node_id, name, version, started_at, seen_at) VALUES ('node_b', 'b', '1', 0, 0)",
    ).await;
    let [by_id, _] = paths(&server).await;
    let enforcement =
        server.admin().delete(&format!("{by_id}?enforcement=true")).await.json()["enforcement"].clone();
    assert_eq!(
        (&enforcement["nodes"], &enforcement["enforcing"], &enforcement["silent"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert!(enforcement["waited_ms"].as_u64().unwrap() >= 950, "{enforcement}");
}
