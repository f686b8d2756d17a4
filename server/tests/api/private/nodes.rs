use std::collections::BTreeSet;

use model::Timestamp;
use serde_json::{Value, json};

use super::{NODES, assert_for_the_operator_only, operator};
use crate::support::TestServer;

#[tokio::test]
async fn an_embedded_database_has_one_node_which_is_the_one_that_responds() {
    let server = TestServer::start().await;
    server.bed.read_invalidations().await;
    server.bed.clock.advance_millis(90_060);
    let list = operator(&server).get(NODES).await.ok();
    let node = &list["results"][0];
    assert!(node["id"].as_str().unwrap().starts_with("node_"), "{list}");
    let mut rest = node.clone();
    rest.as_object_mut().unwrap().remove("id");
    let now = server.bed.clock.now();
    let expected = json!({
        "name": "localhost", "version": env!("CARGO_PKG_VERSION"), "started_at": Timestamp::from_micros(now.micros() - 90_060_000),
        "uptime_seconds": 90, "last_seen_at": now, "state": "answering", "lag_ms": 90_060, "changes_behind": 0,
        "is_this": true,
    });
    assert_eq!((rest, &list["total"]), (expected, &json!(1)));
    assert_eq!(operator(&server).get(NODES).await.ok()["results"][0]["id"], node["id"], "the id stays");
}

#[tokio::test]
async fn every_server_of_a_shared_database_is_listed_and_a_silent_one_marked() {
    let server = TestServer::start_on_postgres().await;
    server
        .bed
        .database
        .run(
            "INSERT INTO nodes (node_id, name, version, started_at, seen_at, read_at) VALUES \
         ('node_b', 'b', '0.0.9', 1000000, 61000000, 61000000)",
        )
        .await;
    let list = operator(&server).get(NODES).await.ok();
    let other = list["results"].as_array().unwrap().iter().find(|node| node["id"] == "node_b").unwrap();
    let members: BTreeSet<_> = other.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(list["total"], 2);
    assert_eq!((&other["state"], &other["is_this"]), (&json!("silent"), &json!(false)));
    assert_eq!((&other["version"], &other["uptime_seconds"]), (&json!("0.0.9"), &json!(60)));
    assert_eq!(
        (&other["last_seen_at"], &other["changes_behind"]),
        (&json!("1970-01-01T00:01:01Z"), &Value::Null)
    );
    assert!(other["lag_ms"].as_u64().unwrap() > 1_000_000_000 && members.len() == 10, "{other}");
}

#[tokio::test]
async fn nobody_else_can_read() {
    let server = TestServer::start().await;
    assert_for_the_operator_only(&server, "GET", NODES).await;
}
