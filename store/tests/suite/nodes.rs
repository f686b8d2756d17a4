//! Tests of nodes: what a server writes about itself, what others read of it, and who has applied which change.

use model::id::NodeId;
use store::invalidations::{self, Applied, BEHIND_MAX, behind, transaction_id};
use store::nodes::{self, NODES_MAX, NodeReport, NodeRow};
use store::testing::TestDatabase;
use store::{Store, Target};

use crate::support::{TestOrganization, insert, key, named};

on_both!(
    a_node_is_shown_as_it_last_wrote_its_row,
    a_removed_node_and_one_that_was_not_seen_are_gone,
    rows_that_no_server_wrote_are_bounded_and_hide_nothing,
    a_reading_from_before_a_restart_of_the_database_says_nothing,
    a_reader_is_behind_by_what_was_committed_since,
);

fn id(suffix: &str) -> NodeId {
    NodeId::from_random(suffix)
}

async fn write(store: &Store, node_id: &NodeId, reading: Option<(i64, &Applied)>) {
    let mut tx = store.begin().await.unwrap();
    let report = NodeReport { node_id, name: "one", version: "1.2.3", uptime: 60_000_000, reading };
    nodes::write(&mut tx, &report).await.unwrap();
    tx.commit().await.unwrap();
}

async fn list(store: &Store) -> Vec<NodeRow> {
    nodes::list(&mut store.read().await.unwrap()).await.unwrap()
}

async fn applied(store: &Store) -> Applied {
    let mut position = invalidations::position(store).await.unwrap();
    // A new position may still return recent commits.
    invalidations::since(&mut store.read().await.unwrap(), &mut position).await.unwrap();
    position.applied().clone()
}

async fn sweep(store: &Store, micros: i64) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let swept = nodes::sweep(&mut tx, micros).await.unwrap();
    tx.commit().await.unwrap();
    swept
}

async fn a_node_is_shown_as_it_last_wrote_its_row(db: TestDatabase) {
    write(&db.store, &id("a"), None).await;
    let [before] = list(&db.store).await.try_into().unwrap();
    assert_eq!((before.name.as_str(), before.version.as_str()), ("one", "1.2.3"));
    assert_eq!((before.read_at, &before.applied), (None, &None));
    assert_eq!(before.seen_at.micros() - before.started_at.micros(), 60_000_000);
    let reading = applied(&db.store).await;
    write(&db.store, &id("a"), Some((2_000_000, &reading))).await;
    let [after] = list(&db.store).await.try_into().unwrap();
    assert_eq!((&after.node_id, after.started_at), (&id("a"), before.started_at));
    assert!(before.seen_at <= after.seen_at && after.seen_at <= after.now);
    assert_eq!(after.seen_at.micros() - after.read_at.unwrap().micros(), 2_000_000);
    assert_eq!(after.applied, Some(reading));
}

async fn a_removed_node_and_one_that_was_not_seen_are_gone(db: TestDatabase) {
    for suffix in ["a", "b", "c", "d"] {
        write(&db.store, &id(suffix), None).await;
    }
    let mut tx = db.store.begin().await.unwrap();
    nodes::remove(&mut tx, &id("a")).await.unwrap();
    tx.commit().await.unwrap();
    db.run("UPDATE nodes SET seen_at = seen_at - 3600000000 WHERE node_id = 'node_b'").await;
    db.run("UPDATE nodes SET seen_at = 9000000000000000000 WHERE node_id = 'node_c'").await;
    assert_eq!(sweep(&db.store, 3_000_000_000).await, 2);
    let left: Vec<_> = list(&db.store).await.into_iter().map(|node| node.node_id).collect();
    assert_eq!(left, [id("d")]);
}

async fn rows_that_no_server_wrote_are_bounded_and_hide_nothing(db: TestDatabase) {
    let numbers = if matches!(db.target, Target::Postgres(_)) {
        "generate_series(1, 10000) AS n(i)"
    } else {
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i FROM n) AS n"
    };
    let sql = format!(
        "INSERT INTO nodes (node_id, name, version, started_at, seen_at, applied) \
         SELECT 'node_x' || i, 'left over', 'x', 0, 0, 'nonsense' FROM {numbers}"
    );
    db.run(sql.leak()).await;
    db.run("INSERT INTO nodes (node_id, name, version, started_at, seen_at) VALUES ('x y', '', '', 0, 1)")
        .await;
    write(&db.store, &id("a"), None).await;
    let listed = list(&db.store).await;
    // One of the rows that were read has no id of a node.
    assert_eq!((listed.len(), &listed[0].node_id), (NODES_MAX - 1, &id("a")));
    assert_eq!(sweep(&db.store, 3_600_000_000).await, 10_001);
    assert_eq!(list(&db.store).await.len(), 1);
}

async fn a_reading_from_before_a_restart_of_the_database_says_nothing(db: TestDatabase) {
    let reading = applied(&db.store).await;
    write(&db.store, &id("a"), Some((0, &reading))).await;
    db.run("UPDATE nodes SET epoch = epoch - 1").await;
    assert_eq!(list(&db.store).await[0].applied, None);
}

async fn a_reader_is_behind_by_what_was_committed_since(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let count = async |reader: &Applied| {
        let nothing = Applied::clone(reader);
        behind(&mut db.store.read().await.unwrap(), &[reader, &nothing]).await.unwrap()
    };
    let before = applied(&db.store).await;
    assert_eq!(count(&before).await, [0, 0]);
    insert(&db.store, key(&home)).await;
    insert(&db.store, named(&home, "other")).await;
    assert_eq!(count(&before).await, [2, 2]);
    let many = if matches!(db.target, Target::Postgres(_)) {
        "INSERT INTO changes (kind, subject) SELECT 3, '' FROM generate_series(1, 2000)"
    } else {
        "INSERT INTO changes (kind, subject) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT 3, x'' FROM n"
    };
    db.run(many).await;
    assert_eq!(count(&before).await, [BEHIND_MAX; 2]);
    assert_eq!(count(&applied(&db.store).await).await, [0, 0]);
}

/// Transactions commit in another order than that of their ids.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_includes_exactly_the_transactions_that_it_could_see() {
    let db = store::testing::postgres().await;
    let home = TestOrganization::new(&db.store).await;
    let (mut early, mut late) = (db.store.begin().await.unwrap(), db.store.begin().await.unwrap());
    let early_id = transaction_id(&mut early).await.unwrap();
    let late_id = transaction_id(&mut late).await.unwrap();
    let includes = async |id| applied(&db.store).await.includes(id);
    assert!(!includes(early_id).await && !includes(late_id).await);
    late.commit().await.unwrap();
    assert!(!includes(early_id).await && includes(late_id).await, "the later one ended first");
    early.commit().await.unwrap();
    assert!(includes(early_id).await && includes(late_id).await);
    insert(&db.store, key(&home)).await;
    let mut next = db.store.begin().await.unwrap();
    let next_id = transaction_id(&mut next).await.unwrap();
    next.commit().await.unwrap();
    assert!(includes(next_id).await);
}
