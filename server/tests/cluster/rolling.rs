//! A later version changes the schema while nodes of this version run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use service::testing::TestBed;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::balancer::free_port;
use crate::binary::{Answer, Rest};
use crate::clients::Clients;
use crate::keys::Keys;
use crate::node::Node;
use crate::record::check;

/// What a later version might do: columns in tables that every request reads, a table, an index.
const LATER: &str = "ALTER TABLE audit_events ADD COLUMN later_note TEXT; ALTER TABLE earlier_secrets ADD COLUMN later_note TEXT; \
    ALTER TABLE keys ADD COLUMN later_note TEXT; ALTER TABLE service_accounts ADD COLUMN later_note TEXT; \
    ALTER TABLE users ADD COLUMN later_note TEXT; ALTER TABLE organizations ADD COLUMN later_note TEXT; \
    ALTER TABLE gateways ADD COLUMN later_note TEXT; ALTER TABLE changes ADD COLUMN later_note TEXT; \
    CREATE TABLE later_things (id BIGINT PRIMARY KEY); CREATE INDEX later_notes ON keys (later_note)";
/// A backup, which reads all tables for a while in one transaction.
const READ_FOR_A_WHILE: &str =
    "SELECT count(*) FROM organizations; SELECT count(*) FROM keys; SELECT pg_sleep(2)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_of_this_version_work_while_and_after_a_later_one_changes_the_schema() {
    let bed = TestBed::postgres().await;
    let (nodes, admin) = start_nodes(&bed);
    let keys = Arc::new(Keys::create(&nodes[0].rest(&admin), 10).await);
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for number in 0..4 {
        let rest = nodes[number % 2].rest(&admin);
        writers.spawn(use_everything(rest, number, is_over.clone()));
    }
    let clients = Clients::start(&nodes.each_ref().map(Node::address), &admin, &keys);
    sleep(Duration::from_secs(2)).await;
    let migrated = tokio::join!(bed.database.run(READ_FOR_A_WHILE), async {
        sleep(Duration::from_millis(300)).await;
        bed.database.store.migrate_further(LATER).await.unwrap()
    });
    assert_eq!(migrated.1.applied.len(), 1);
    for key in keys.to_revoke() {
        keys.set_current(key);
        sleep(Duration::from_millis(150)).await;
        assert!(keys.revoke(key, &nodes[1].rest(&admin)).await);
        sleep(Duration::from_millis(150)).await;
    }
    sleep(Duration::from_secs(2)).await;
    is_over.store(true, Ordering::SeqCst);
    let rounds: usize = writers.join_all().await.into_iter().sum();
    check("a later schema", &clients.end().await, &keys.all(), &["node 1", "node 2"]);
    println!("  {rounds} rounds of requests to the REST API, none refused");
}

fn start_nodes(bed: &TestBed) -> ([Node; 2], String) {
    let mut nodes = [(); 2].map(|()| Node::new(format!("127.0.0.1:{}", free_port()), None));
    let url = bed.database.url().to_string();
    let made = nodes[0].place().bootstrap(&["--database-url", &url]);
    for node in &mut nodes {
        node.use_database(url.clone());
        node.start();
    }
    (nodes, made["admin_key"].as_str().unwrap().to_owned())
}

/// Reads and writes every kind of row. All requests must succeed. Returns how often everything was done.
async fn use_everything(rest: Rest, writer: usize, is_over: Arc<AtomicBool>) -> usize {
    let mut rounds = 0;
    while !is_over.load(Ordering::SeqCst) {
        rounds += 1;
        let name = format!("key-{writer}-{rounds}");
        let keys = Rest::keys();
        let key = format!("{keys}/{name}");
        let member = json!({"email": format!("m{writer}-{rounds}@acme.example"), "user_name": "Member", "role": "member"});
        let requests: [(Method, &str, Option<Value>); 10] = [
            (Method::POST, &keys, Some(json!({"name": name}))),
            (Method::GET, &keys, None),
            (Method::GET, "/v1/api-keys?limit=5", None),
            (Method::GET, "/v1/api-keys?limit=5&search=key", None),
            (Method::PATCH, &key, Some(json!({"description": "x"}))),
            (Method::POST, &format!("{key}/rotate"), None),
            (Method::DELETE, &key, None),
            (Method::POST, "/v1/organizations/users", Some(member)),
            (Method::GET, "/v1/service-accounts", None),
            (Method::GET, "/v1/gateways", None),
        ];
        for (method, path, body) in requests {
            let answer = rest.send(method.clone(), path, body).await;
            assert!(matches!(answer, Answer::Done(_)), "{method} {path}: {answer:?}");
        }
    }
    rounds
}

/// Two nodes that start at the same time on a database without a schema apply each migration once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_that_start_at_once_one_migrates() {
    let database = service::testing::empty_postgres().await;
    let mut nodes = [(); 2].map(|()| Node::new(format!("127.0.0.1:{}", free_port()), None));
    for node in &mut nodes {
        node.use_database(database.url().to_string());
    }
    let started = nodes.each_ref().map(Node::spawn);
    let running = started.map(|starting| starting.ready().unwrap());
    let lines: Vec<_> =
        nodes.iter().map(|node| node.place().log().matches("migrated the database").count()).collect();
    let applied: usize = lines.iter().sum();
    assert_eq!(i64::try_from(applied).unwrap(), service::testing::newest_migration(), "{lines:?}");
    drop(running);
}
