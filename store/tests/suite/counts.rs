//! What the store counts about itself.

use store::counts::ErrorKind;
use store::testing::TestDatabase;
use store::{Error, sessions};
use tokio::task::JoinSet;

on_both!(a_wait_for_a_connection_ends_with_its_request, errors_are_counted_by_kind);

async fn a_wait_for_a_connection_ends_with_its_request(database: TestDatabase) {
    let store = &database.store;
    let (reads, writes) = (store.counts().read_waits.recorded(), store.counts().write_waits.recorded());
    let max = store.pool_state().max;
    let mut readers = Vec::new();
    for _ in 0..max {
        readers.push(store.read().await.unwrap());
    }
    assert_eq!((store.pool_state().open, store.pool_state().idle), (max, 0));
    let mut waiting = JoinSet::new();
    let other = store.clone();
    waiting.spawn(async move { other.read().await.map(drop) });
    while store.counts().waiting() == 0 {
        tokio::task::yield_now().await;
    }
    waiting.shutdown().await;
    assert_eq!(store.counts().waiting(), 0, "the client has gone away");
    drop(readers);
    drop(store.begin().await.unwrap());
    // The wait that was given up counts as well.
    assert_eq!(store.counts().read_waits.recorded().count(), reads.count() + u64::from(max) + 1);
    assert_eq!(store.counts().write_waits.recorded().count(), writes.count() + 1);
}

async fn errors_are_counted_by_kind(database: TestDatabase) {
    let store = &database.store;
    let counted = || ErrorKind::ALL.map(|kind| store.counts().errors(kind));
    let before = counted();
    sessions::find(&mut store.read().await.unwrap(), &[0; 32]).await.unwrap();
    assert_eq!(counted(), before);
    database.run("ALTER TABLE sessions RENAME TO sessions_away").await;
    let error = sessions::find(&mut store.read().await.unwrap(), &[0; 32]).await.unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error:?}");
    assert_eq!(counted(), [before[0], before[1], before[2], before[3] + 1]);
    store.close().await;
    assert!(store.read().await.is_err());
    assert_eq!(counted(), [before[0] + 1, before[1], before[2], before[3] + 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_transaction_of_sqlite_is_counted_in_the_group_of_its_commit() {
    let database = store::testing::sqlite().await;
    let store = &database.store;
    let before = store.counts().group_sizes.recorded();
    let mut writers = JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        writers.spawn(async move { store.begin().await.unwrap().commit().await.unwrap() });
    }
    writers.join_all().await;
    let after = store.counts().group_sizes.recorded();
    assert_eq!(after.sum - before.sum, 20);
    assert!((1..=20).contains(&(after.count() - before.count())));
}
