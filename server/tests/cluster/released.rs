//! Nodes of this version start on the database of a released older version, all at once, while clients ask.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use service::testing::{TestBed, newest_migration};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::balancer::free_port;
use crate::clients::{Clients, Verdict, verify};
use crate::keys::Keys;
use crate::node::Node;

/// The oldest released schema whose backup is kept.
const SCHEMA: i64 = 10;

/// What the kept backup contains.
struct Facts {
    /// Secrets of keys that work. The first is an admin key.
    accepted: Vec<String>,
    /// Secrets of keys that have ended.
    refused: Vec<String>,
}

fn kept(ending: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../service/src/tests/released");
    folder.join(format!("schema-{SCHEMA}.{ending}"))
}

fn facts() -> Facts {
    let facts: Value = serde_json::from_str(&fs::read_to_string(kept("json")).unwrap()).unwrap();
    let secrets = |name: &str| -> Vec<String> { serde_json::from_value(facts[name].clone()).unwrap() };
    Facts { accepted: secrets("accepted"), refused: secrets("refused") }
}

/// A database that still has the older schema.
async fn older_database() -> TestBed {
    let bed = TestBed::restored_as_it_was(service::testing::empty_postgres().await, &kept("backup")).await;
    assert_eq!(bed.database.schema().await, SCHEMA);
    assert!(SCHEMA < newest_migration());
    bed
}

fn node(bed: &TestBed) -> Node {
    let mut node = Node::new(format!("127.0.0.1:{}", free_port()), None);
    node.use_database(bed.database.url().to_string());
    node
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_start_at_once_upgrade_it_while_clients_ask() {
    let (bed, Facts { accepted, refused }) = (older_database().await, facts());
    let mut nodes = [node(&bed), node(&bed)];
    let keys = Arc::new(Keys::known(accepted.iter().chain(&refused).cloned()));
    let clients = Clients::start(&nodes.each_ref().map(Node::address), &accepted[0], &keys);
    let starting = nodes.each_ref().map(Node::spawn);
    for (node, starting) in nodes.iter_mut().zip(starting) {
        let ready = spawn_blocking(|| starting.ready()).await.unwrap();
        node.runs(ready);
    }
    sleep(Duration::from_secs(2)).await;
    let exchanges = clients.end().await;
    for exchange in &exchanges {
        match &exchange.verdict {
            Verdict::Valid => assert!(exchange.key < accepted.len(), "{exchange:?}"),
            Verdict::Invalid(_) => assert!(exchange.key >= accepted.len(), "{exchange:?}"),
            Verdict::None => {}
        }
    }
    for target in 0..nodes.len() {
        for key in 0..accepted.len() + refused.len() {
            let mut of_key = exchanges.iter().filter(|one| (one.target, one.key) == (target, key));
            assert!(
                of_key.any(|one| one.verdict != Verdict::None),
                "node {target} was not asked about {key}"
            );
        }
    }
    assert_eq!(bed.database.schema().await, newest_migration());
}

/// The node is killed at different moments, before, during and after its migration.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_takes_over_when_the_one_that_upgrades_it_is_killed() {
    let facts = facts();
    for millis in [20, 60, 120, 240] {
        let bed = older_database().await;
        let starting = node(&bed).spawn();
        sleep(Duration::from_millis(millis)).await;
        // Dropping it kills it.
        drop(starting);
        let mut second = node(&bed);
        second.start();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let path = format!("{}/v1/keys/verify", second.address());
        for (number, secret) in facts.accepted.iter().chain(&facts.refused).enumerate() {
            let is_valid = verify(&client, &path, &facts.accepted[0], secret).await == Verdict::Valid;
            assert_eq!(is_valid, number < facts.accepted.len(), "key {number}, killed after {millis} ms");
        }
        assert_eq!(bed.database.schema().await, newest_migration());
    }
}
