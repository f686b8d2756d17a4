//! What verdicts depend on and has changed.

use std::sync::{Arc, Mutex};

use model::Timestamp;
use model::key::Key;
use store::changes::{self, Position, Subject};
use store::testing::TestDatabase;
use store::{Store, keys, users};

use crate::support::{Home, at, hex_bytes, insert, key, named};

on_both!(
    a_change_is_told_before_its_commit_returns,
    what_was_rolled_back_is_told_to_nobody,
    another_process_reads_each_change_once,
    too_many_changes_are_told_as_everything,
    old_changes_are_forgotten_and_numbers_go_on,
);

fn secret(key: &Key) -> Subject {
    Subject::Secret(hex_bytes(&key.key_hash))
}

async fn since(store: &Store, position: &mut Position) -> Vec<Subject> {
    changes::since(&mut store.read().await.unwrap(), position).await.unwrap()
}

/// The position after all that has been committed. What was committed shortly before may be read once more first.
async fn now(store: &Store) -> Position {
    let mut position = changes::position(&mut store.read().await.unwrap()).await.unwrap();
    since(store, &mut position).await;
    position
}

async fn a_change_is_told_before_its_commit_returns(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    db.store.listen(move |subjects| listener.lock().unwrap().extend_from_slice(subjects));
    let before = insert(&db.store, key(&home)).await;
    assert_eq!(*told.lock().unwrap(), [secret(&before)]);
    told.lock().unwrap().clear();

    let mut tx = db.store.begin().await.unwrap();
    let after = Key { key_hash: named(&home, "other").key_hash, ..before.clone() };
    assert!(keys::update(&mut tx, &after, at(0)).await.unwrap());
    keys::retire_secret(&mut tx, &before.key_id, &before.key_hash, "sk_live_ab", Timestamp::from_seconds(9))
        .await
        .unwrap();
    users::update(&mut tx, &home.user).await.unwrap();
    tx.commit().await.unwrap();
    let owner = Subject::Owner(home.user.user_id.to_string());
    assert_eq!(*told.lock().unwrap(), [secret(&before), secret(&after), owner]);
    told.lock().unwrap().clear();

    let mut tx = db.store.begin().await.unwrap();
    keys::end_graces(&mut tx, &before.key_id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [secret(&before)]);
}

async fn what_was_rolled_back_is_told_to_nobody(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let mut position = now(&db.store).await;
    let told = Arc::new(Mutex::new(0));
    let listener = Arc::clone(&told);
    db.store.listen(move |_| *listener.lock().unwrap() += 1);
    let mut tx = db.store.begin().await.unwrap();
    keys::insert(&mut tx, &key(&home)).await.unwrap();
    drop(tx);
    assert_eq!(since(&db.store, &mut position).await, []);
    assert_eq!(*told.lock().unwrap(), 0);
}

async fn another_process_reads_each_change_once(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let other = db.store.deaf();
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

async fn too_many_changes_are_told_as_everything(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let mut position = now(&db.store).await;
    let keys: Vec<_> = (0..1001).map(|n| named(&home, &format!("k{n}"))).collect();
    let mut tx = db.store.begin().await.unwrap();
    keys::insert_many(&mut tx, &keys).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(since(&db.store, &mut position).await, [Subject::Everything]);
}

async fn old_changes_are_forgotten_and_numbers_go_on(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    for name in ["a", "b"] {
        insert(&db.store, named(&home, name)).await;
    }
    let mut position = now(&db.store).await;
    let newest = changes::newest(&mut db.store.read().await.unwrap()).await.unwrap();
    let mut tx = db.store.begin().await.unwrap();
    changes::forget(&mut tx, newest).await.unwrap();
    tx.commit().await.unwrap();
    let key = insert(&db.store, named(&home, "c")).await;
    assert!(changes::newest(&mut db.store.read().await.unwrap()).await.unwrap() > newest);
    assert_eq!(since(&db.store, &mut position).await, [secret(&key)]);
}

/// On PostgreSQL a transaction may take its number early and commit late. Nothing is left out for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_commit_is_not_overlooked() {
    let db = store::testing::postgres().await;
    let home = Home::new(&db.store).await;
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
