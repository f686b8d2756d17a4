//! Tests of transactions: they are atomic, and a failure does not affect other transactions.

use std::time::Duration;

use store::testing::TestDatabase;
use store::{Error, keys, organizations, users};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::support::{TestOrganization, ask, at, key, list_of_user, named, number, organization, user};

on_both!(
    a_dropped_transaction_leaves_nothing,
    committed_data_is_visible_to_everyone,
    one_failed_transaction_does_not_affect_simultaneous_ones,
    a_transaction_with_a_failed_statement_is_never_committed,
    cancelled_calls_leave_no_partial_changes_and_a_usable_store,
    two_processes_write_to_one_database,
    a_closed_store_is_reported_as_unavailable,
);

async fn a_dropped_transaction_leaves_nothing(db: TestDatabase) {
    let organization = organization();
    let mut tx = db.store.begin().await.unwrap();
    organizations::insert(&mut tx, &organization).await.unwrap();
    assert!(organizations::any(&mut tx).await.unwrap());
    drop(tx);
    let mut tx = db.store.begin().await.unwrap();
    assert!(!organizations::any(&mut tx).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!organizations::any(&mut db.store.read().await.unwrap()).await.unwrap());
}

async fn committed_data_is_visible_to_everyone(db: TestDatabase) {
    let organization = organization();
    let mut tx = db.store.begin().await.unwrap();
    organizations::insert(&mut tx, &organization).await.unwrap();
    assert!(!organizations::any(&mut db.store.read().await.unwrap()).await.unwrap());
    tx.commit().await.unwrap();
    let id = &organization.organization_id;
    let found = organizations::find(&mut db.store.read().await.unwrap(), id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&organization));
    let elsewhere = db.open_again().await;
    assert_eq!(
        organizations::find(&mut elsewhere.read().await.unwrap(), id).await.unwrap(),
        Some(organization)
    );
}

async fn one_failed_transaction_does_not_affect_simultaneous_ones(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut callers = JoinSet::new();
    for n in 0..32 {
        let (store, home) = (db.store.clone(), home.clone());
        callers.spawn(async move {
            let mut tx = store.begin().await.unwrap();
            // Half of the callers use the same name.
            let name = if n % 2 == 0 { format!("own {n}") } else { "shared".to_owned() };
            match keys::insert(&mut tx, &named(&home, &name)).await {
                Ok(()) => tx.commit().await.map(|()| true),
                Err(Error::Taken("key_name")) => Ok(false),
                Err(error) => Err(error),
            }
        });
    }
    let kept = callers.join_all().await.into_iter().filter(|outcome| *outcome.as_ref().unwrap()).count();
    assert_eq!(kept, 17);
    let listed = list_of_user(&mut db.store.read().await.unwrap(), &home.user.user_id, None).await;
    assert_eq!(listed.len(), 17);
    assert_eq!(keys::count_live(&mut db.store.read().await.unwrap(), home.id(), at(0)).await.unwrap(), 17);
}

async fn a_transaction_with_a_failed_statement_is_never_committed(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    keys::insert(&mut tx, &named(&home, "first")).await.unwrap();
    assert!(matches!(keys::insert(&mut tx, &named(&home, "first")).await, Err(Error::Taken("key_name"))));
    assert!(tx.commit().await.is_err());
    assert_eq!(keys::count_live(&mut db.store.read().await.unwrap(), home.id(), at(0)).await.unwrap(), 0);
}

async fn cancelled_calls_leave_no_partial_changes_and_a_usable_store(db: TestDatabase) {
    for _ in 0..300 {
        let store = db.store.clone();
        let attempt = async move {
            let organization = organization();
            let mut tx = store.begin().await.unwrap();
            organizations::insert(&mut tx, &organization).await.unwrap();
            users::insert(&mut tx, &user(&organization), None).await.unwrap();
            tx.commit().await.unwrap();
        };
        // Each attempt is cancelled at a different moment.
        let _ = timeout(Duration::from_micros(number() * 37 % 2500), attempt).await;
    }
    let home = TestOrganization::new(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    keys::insert(&mut tx, &key(&home)).await.unwrap();
    tx.commit().await.unwrap();
    let sql = "SELECT (SELECT count(*) FROM organizations), (SELECT count(*) FROM users)";
    let (organizations, members): (i64, i64) = ask(&db, sql).await;
    assert_eq!(organizations, members, "each organization came with its member");
}

async fn two_processes_write_to_one_database(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let elsewhere = db.open_again().await;
    let mut callers = JoinSet::new();
    for n in 0..40 {
        let store = if n % 2 == 0 { db.store.clone() } else { elsewhere.clone() };
        let home = home.clone();
        callers.spawn(async move {
            let mut tx = store.begin().await.unwrap();
            keys::insert(&mut tx, &key(&home)).await.unwrap();
            tx.commit().await.unwrap();
        });
    }
    callers.join_all().await;
    assert_eq!(keys::count_live(&mut elsewhere.read().await.unwrap(), home.id(), at(0)).await.unwrap(), 40);
}

async fn a_closed_store_is_reported_as_unavailable(db: TestDatabase) {
    db.store.ping().await.unwrap();
    db.store.close().await;
    assert!(db.store.begin().await.err().unwrap().is_unavailable());
    assert!(db.store.read().await.err().unwrap().is_unavailable());
    assert!(db.store.ping().await.err().unwrap().is_unavailable());
}

#[tokio::test]
async fn a_long_write_of_another_process_makes_the_store_unavailable() {
    let db = store::testing::sqlite().await;
    let elsewhere = db.open_again().await;
    let long = elsewhere.begin().await.unwrap();
    let waiting = (0..3).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move { store.begin().await.err().unwrap() })
    });
    for outcome in waiting.collect::<Vec<_>>() {
        let outcome = timeout(Duration::from_secs(7), outcome).await.expect("all give up together");
        assert!(outcome.unwrap().is_unavailable());
    }
    drop(long);
    TestOrganization::new(&db.store).await;
}

#[tokio::test]
async fn a_store_in_memory_is_complete_and_private() {
    let settings = || store::Settings { target: store::Target::SqliteMemory, connections_max: 4 };
    let one = store::Store::open(settings()).await.unwrap();
    let other = store::Store::open(settings()).await.unwrap();
    one.migrate().await.unwrap();
    other.migrate().await.unwrap();
    let home = TestOrganization::new(&one).await;
    assert!(organizations::any(&mut one.read().await.unwrap()).await.unwrap());
    assert!(!organizations::any(&mut other.read().await.unwrap()).await.unwrap());
    let mut callers = JoinSet::new();
    for _ in 0..50 {
        let (store, home) = (one.clone(), home.clone());
        callers.spawn(async move {
            let mut tx = store.begin().await.unwrap();
            keys::insert(&mut tx, &key(&home)).await.unwrap();
            tx.commit().await.unwrap();
            list_of_user(&mut store.read().await.unwrap(), &home.user.user_id, None).await;
        });
    }
    callers.join_all().await;
    assert_eq!(keys::count_live(&mut one.read().await.unwrap(), home.id(), at(0)).await.unwrap(), 50);
}
