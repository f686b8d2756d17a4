//! Tests of idempotency records: one caller gets the lease, only that caller completes the record, and old records are
//! deleted.

use store::idempotency_records::{self, IdempotencyRecord};
use store::testing::TestDatabase;

use crate::support::{at, hash};

on_both!(
    only_one_of_several_requests_acquires_the_lease,
    only_the_holder_of_the_lease_completes_the_request_once,
    a_released_or_expired_lease_blocks_nobody,
    old_records_are_deleted,
);

async fn lease(db: &TestDatabase, id: &[u8; 32], name: &str, now: i64) -> bool {
    let mut tx = db.store.begin().await.unwrap();
    let acquired =
        idempotency_records::acquire(&mut tx, id, &[7; 32], name, at(now), at(now + 60)).await.unwrap();
    tx.commit().await.unwrap();
    acquired
}

async fn complete(db: &TestDatabase, id: &[u8; 32], name: &str) -> bool {
    let mut tx = db.store.begin().await.unwrap();
    let completed =
        idempotency_records::complete(&mut tx, id, name, b"sealed", at(30), at(600)).await.unwrap();
    tx.commit().await.unwrap();
    completed
}

async fn find(db: &TestDatabase, id: &[u8; 32]) -> Option<IdempotencyRecord> {
    idempotency_records::find(&mut db.store.read().await.unwrap(), id).await.unwrap()
}

async fn only_one_of_several_requests_acquires_the_lease(db: TestDatabase) {
    let id = hash();
    let (a, b, c, d) = tokio::join!(
        lease(&db, &id, "a", 0),
        lease(&db, &id, "b", 0),
        lease(&db, &id, "c", 0),
        lease(&db, &id, "d", 0)
    );
    assert_eq!([a, b, c, d].iter().filter(|acquired| **acquired).count(), 1);
    assert!(lease(&db, &hash(), "a", 0).await);
    assert_eq!(
        find(&db, &id).await,
        Some(IdempotencyRecord { fingerprint: vec![7; 32], sealed: None, expires_at: at(60) })
    );
}

async fn only_the_holder_of_the_lease_completes_the_request_once(db: TestDatabase) {
    let id = hash();
    assert!(lease(&db, &id, "a", 0).await);
    assert!(!complete(&db, &id, "b").await);
    assert!(complete(&db, &id, "a").await);
    assert!(!complete(&db, &id, "a").await);
    assert_eq!(find(&db, &id).await.unwrap().sealed.as_deref(), Some(b"sealed".as_slice()));
    let mut tx = db.store.begin().await.unwrap();
    idempotency_records::release(&mut tx, &id, "a").await.unwrap();
    tx.commit().await.unwrap();
    assert!(find(&db, &id).await.is_some(), "a stored response is not released");
    assert!(!lease(&db, &id, "c", 599).await);
    assert!(lease(&db, &id, "c", 600).await);
}

async fn a_released_or_expired_lease_blocks_nobody(db: TestDatabase) {
    let id = hash();
    assert!(lease(&db, &id, "a", 0).await);
    for name in ["b", "a"] {
        let mut tx = db.store.begin().await.unwrap();
        idempotency_records::release(&mut tx, &id, name).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find(&db, &id).await.is_some(), name == "b");
    }
    assert!(lease(&db, &id, "c", 0).await);
    assert!(!lease(&db, &id, "d", 59).await);
    assert!(lease(&db, &id, "d", 60).await);
    assert!(!complete(&db, &id, "c").await, "a lost lease stores no response");
    let mut tx = db.store.begin().await.unwrap();
    let late = idempotency_records::complete(&mut tx, &id, "d", b"sealed", at(120), at(720)).await.unwrap();
    assert!(!late, "nor does an expired lease");
}

async fn old_records_are_deleted(db: TestDatabase) {
    for now in 0..5 {
        assert!(lease(&db, &hash(), "a", now).await);
    }
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(idempotency_records::sweep(&mut tx, at(59), at(9000), 10).await.unwrap(), 0);
    assert_eq!(idempotency_records::sweep(&mut tx, at(62), at(9000), 2).await.unwrap(), 2);
    assert_eq!(idempotency_records::sweep(&mut tx, at(62), at(9000), 2).await.unwrap(), 1);
    // A record that expires too late, as a server whose clock was ahead would write it.
    assert_eq!(idempotency_records::sweep(&mut tx, at(62), at(63), 2).await.unwrap(), 1);
    tx.commit().await.unwrap();
}
