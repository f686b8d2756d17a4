//! Tests of invalidations.

use std::sync::{Arc, Mutex};

use model::Timestamp;
use model::key::Key;
use store::invalidations::{self, Invalidation, Position};
use store::testing::TestDatabase;
use store::{Store, Target, keys, users};

use crate::support::{TestOrganization, ask, at, change, hex_bytes, insert, key, named};

on_both!(
    invalidations_are_applied_before_the_commit_returns,
    rolled_back_changes_cause_no_invalidation,
    another_process_reads_each_invalidation_once,
    too_many_changes_become_one_invalidation_of_everything,
    old_invalidations_are_deleted_and_current_readers_go_on,
    a_reader_that_missed_deleted_invalidations_notices,
    a_reader_that_finds_no_invalidations_at_all_notices,
    manually_deleted_invalidations_are_noticed,
    a_restored_copy_that_looks_the_same_is_noticed,
);

fn secret(key: &Key) -> Invalidation {
    Invalidation::Secret(hex_bytes(&key.key_hash))
}

async fn since(store: &Store, position: &mut Position) -> Vec<Invalidation> {
    read_since(store, position).await.expect("nothing was missed")
}

/// `None` if changes may have been missed.
async fn read_since(store: &Store, position: &mut Position) -> Option<Vec<Invalidation>> {
    invalidations::since(&mut store.read().await.unwrap(), position).await.unwrap()
}

/// The position after everything that was committed. A new position may still return recent commits, so they are read
/// here.
async fn now(store: &Store) -> Position {
    let mut position = invalidations::position(store).await.unwrap();
    since(store, &mut position).await;
    position
}

async fn invalidations_are_applied_before_the_commit_returns(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let reported = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&reported);
    db.store.listen(move |invalidations| listener.lock().unwrap().extend_from_slice(invalidations));
    let before = insert(&db.store, key(&home)).await;
    assert_eq!(*reported.lock().unwrap(), [secret(&before)]);
    reported.lock().unwrap().clear();

    let mut tx = db.store.begin().await.unwrap();
    let after = Key { key_hash: named(&home, "other").key_hash, ..before.clone() };
    assert!(keys::update(&mut tx, &after, at(0)).await.unwrap());
    keys::keep_earlier_secret(
        &mut tx,
        &before.key_id,
        &before.key_hash,
        "sk_live_ab",
        Timestamp::from_seconds(9),
    )
    .await
    .unwrap();
    users::update(&mut tx, &home.user).await.unwrap();
    tx.commit().await.unwrap();
    let owner = Invalidation::Owner(home.user.user_id.to_string());
    assert_eq!(*reported.lock().unwrap(), [secret(&before), secret(&after), owner]);
    reported.lock().unwrap().clear();

    let mut tx = db.store.begin().await.unwrap();
    keys::end_grace_periods(&mut tx, &before.key_id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(*reported.lock().unwrap(), [secret(&before)]);
}

async fn rolled_back_changes_cause_no_invalidation(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut position = now(&db.store).await;
    let reported = Arc::new(Mutex::new(0));
    let listener = Arc::clone(&reported);
    db.store.listen(move |_| *listener.lock().unwrap() += 1);
    let mut tx = db.store.begin().await.unwrap();
    keys::insert(&mut tx, &key(&home)).await.unwrap();
    drop(tx);
    assert_eq!(since(&db.store, &mut position).await, []);
    assert_eq!(*reported.lock().unwrap(), 0);
}

async fn another_process_reads_each_invalidation_once(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = db.store.without_listener();
    let mut position = now(&other).await;
    assert_eq!(since(&other, &mut position).await, []);
    for name in ["a", "b"] {
        let key = insert(&db.store, named(&home, name)).await;
        assert_eq!(since(&other, &mut position).await, [secret(&key)]);
        assert_eq!(since(&other, &mut position).await, []);
    }
    let (one, two) = (named(&home, "c"), named(&home, "d"));
    insert(&db.store, one.clone()).await;
    insert(&db.store, two.clone()).await;
    assert_eq!(since(&other, &mut position).await, [secret(&one), secret(&two)]);
}

async fn too_many_changes_become_one_invalidation_of_everything(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut position = now(&db.store).await;
    let keys: Vec<_> = (0..1001).map(|n| named(&home, &format!("k{n}"))).collect();
    let mut tx = db.store.begin().await.unwrap();
    keys::insert_many(&mut tx, &keys).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(since(&db.store, &mut position).await, [Invalidation::Everything]);
}

async fn stored_count(db: &TestDatabase) -> i64 {
    let (number,) = ask::<(i64,)>(db, "SELECT count(*) FROM changes").await;
    number
}

/// Deletes all changes except one. On PostgreSQL this waits until all transactions of the server have ended.
async fn forget_all_but_the_newest(db: &TestDatabase) {
    while stored_count(db).await > 1 {
        let end = invalidations::end(&mut db.store.read().await.unwrap()).await.unwrap();
        let mut tx = db.store.begin().await.unwrap();
        invalidations::forget(&mut tx, end).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn old_invalidations_are_deleted_and_current_readers_go_on(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    for name in ["a", "b"] {
        insert(&db.store, named(&home, name)).await;
    }
    let mut position = now(&db.store).await;
    let end = invalidations::end(&mut db.store.read().await.unwrap()).await.unwrap();
    let key = insert(&db.store, named(&home, "c")).await;
    // Nothing was changed for long, and then a change comes just before the old ones are deleted.
    let mut tx = db.store.begin().await.unwrap();
    invalidations::forget(&mut tx, end).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(since(&db.store, &mut position).await, [secret(&key)]);
    assert_eq!(since(&db.store, &mut position).await, []);
}

async fn a_reader_that_missed_deleted_invalidations_notices(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    insert(&db.store, named(&home, "a")).await;
    let mut position = now(&db.store).await;
    for name in ["b", "c"] {
        insert(&db.store, named(&home, name)).await;
    }
    forget_all_but_the_newest(&db).await;
    assert_eq!(read_since(&db.store, &mut position).await, None);
    assert_eq!(read_since(&db.store, &mut position).await, None, "and again");
    let mut position = now(&db.store).await;
    assert_eq!(since(&db.store, &mut position).await, []);
}

async fn a_reader_that_finds_no_invalidations_at_all_notices(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    db.run("DELETE FROM changes").await;
    let mut position = now(&db.store).await;
    assert_eq!(since(&db.store, &mut position).await, []);
    let key = insert(&db.store, named(&home, "a")).await;
    assert_eq!(since(&db.store, &mut position).await, [secret(&key)]);
    db.run("DELETE FROM changes").await;
    assert_eq!(read_since(&db.store, &mut position).await, None);
    // After all changes were deleted, the same change is stored again as the first one.
    let mut position = now(&db.store).await;
    let key = change(&db.store, &key).await;
    since(&db.store, &mut position).await;
    db.run("DELETE FROM changes").await;
    change(&db.store, &key).await;
    assert_eq!(read_since(&db.store, &mut position).await, None);
}

async fn manually_deleted_invalidations_are_noticed(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    insert(&db.store, named(&home, "a")).await;
    let mut position = now(&db.store).await;
    // Deletes the key's own change. The change with the highest number may be one that only serves as an anchor.
    db.run("DELETE FROM changes WHERE kind = 0").await;
    assert_eq!(read_since(&db.store, &mut position).await, None);
}

/// An older copy replaces the database and then grows to the same number of changes, of the same key.
async fn a_restored_copy_that_looks_the_same_is_noticed(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut key = insert(&db.store, named(&home, "a")).await;
    let mut position = now(&db.store).await;
    db.run("CREATE TABLE copied AS SELECT number, kind, subject FROM changes").await;
    for is_copy in [false, true] {
        if is_copy {
            db.run("DELETE FROM changes").await;
            db.run(match db.target {
                Target::Postgres(_) => {
                    "INSERT INTO changes (number, kind, subject) OVERRIDING SYSTEM VALUE SELECT * FROM copied; \
                     SELECT setval(pg_get_serial_sequence('changes', 'number'), max(number)) FROM copied"
                }
                _ => "INSERT INTO changes SELECT * FROM copied",
            })
            .await;
        }
        for _ in 0..3 {
            key = change(&db.store, &key).await;
            if !is_copy {
                since(&db.store, &mut position).await;
            }
        }
    }
    assert_eq!(read_since(&db.store, &mut position).await, None);
}

/// Changes that were copied from another PostgreSQL server have its transaction ids, which are beyond those of this
/// server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalidations_copied_from_another_server_are_no_obstacle() {
    let db = store::testing::postgres().await;
    let home = TestOrganization::new(&db.store).await;
    db.run("UPDATE changes SET xid = '9000000000000000'").await;
    let mut position = now(&db.store).await;
    assert_eq!(since(&db.store, &mut position).await, []);
    let key = insert(&db.store, named(&home, "a")).await;
    assert_eq!(since(&db.store, &mut position).await, [secret(&key)]);
    assert_eq!(since(&db.store, &mut position).await, []);
}

/// A long transaction in any database of the server does not block readers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_can_begin_while_an_old_transaction_is_under_way() {
    let db = store::testing::postgres().await;
    let home = TestOrganization::new(&db.store).await;
    let (old, new) = (named(&home, "old"), named(&home, "new"));
    let mut tx = db.store.begin().await.unwrap();
    keys::insert(&mut tx, &old).await.unwrap();
    db.run("DELETE FROM changes").await;
    let mut position = invalidations::position(&db.store).await.unwrap();
    insert(&db.store, new.clone()).await;
    assert_eq!(since(&db.store, &mut position).await, [secret(&new)]);
    tx.commit().await.unwrap();
    assert_eq!(since(&db.store, &mut position).await, [secret(&old)]);
}

/// On PostgreSQL a transaction may get its number early and commit late. Its changes must not be left out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_commit_is_not_missed() {
    let db = store::testing::postgres().await;
    let home = TestOrganization::new(&db.store).await;
    let mut position = now(&db.store).await;
    let (late, early) = (named(&home, "late"), named(&home, "early"));
    let mut tx = db.store.begin().await.unwrap();
    keys::insert(&mut tx, &late).await.unwrap();
    insert(&db.store, early.clone()).await;
    assert_eq!(since(&db.store, &mut position).await, [secret(&early)]);
    assert_eq!(since(&db.store, &mut position).await, []);
    tx.commit().await.unwrap();
    assert_eq!(since(&db.store, &mut position).await, [secret(&late)]);
    assert_eq!(since(&db.store, &mut position).await, []);
}
