//! Tests of last uses: they are written many at once, only move forward, and are stored with the secret that was used.

use model::key::{Key, LastUse};
use store::keys::{self, Use};
use store::testing::TestDatabase;

use crate::support::{
    TestOrganization, at, change, hash, hex, hex_bytes, insert, insert_all, key, list_of_user, stored,
};

on_both!(
    a_use_is_recorded_on_the_key_and_never_goes_back,
    a_late_use_of_a_replaced_secret_does_not_change_the_key,
    a_change_keeps_a_use_that_was_recorded_in_the_meantime,
    many_uses_are_recorded_at_once,
);

fn used(key: &Key, seconds: i64, address: &str) -> Use {
    Use {
        hash: hex_bytes(&key.key_hash),
        key_id: key.key_id.clone(),
        at: at(seconds),
        address: Some(address.to_owned()),
        agent: None,
    }
}

fn last(seconds: i64, address: &str) -> LastUse {
    LastUse { at: at(seconds), address: Some(address.to_owned()), agent: None }
}

async fn record(db: &TestDatabase, uses: &[Use]) {
    let mut tx = db.store.begin().await.unwrap();
    keys::record_uses(&mut tx, uses).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_use_is_recorded_on_the_key_and_never_goes_back(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = insert(&db.store, key(&home)).await;
    record(&db, &[]).await;
    record(&db, &[used(&key, 5, "b"), used(&key, 7, "c"), used(&key, 6, "d")]).await;
    assert_eq!(stored(&db.store, &key).await.last_use, Some(last(7, "c")));
    record(&db, &[used(&key, 3, "late"), Use { hash: hash(), ..used(&key, 9, "unknown") }]).await;
    assert_eq!(stored(&db.store, &key).await, Key { last_use: Some(last(7, "c")), ..key.clone() });
    // Exception: a server whose clock was ahead wrote the stored use.
    record(&db, &[used(&key, 8 + 86_400, "ahead")]).await;
    record(&db, &[used(&key, 8, "late")]).await;
    assert_eq!(stored(&db.store, &key).await.last_use, Some(last(8 + 86_400, "ahead")));
    record(&db, &[used(&key, 7, "right")]).await;
    assert_eq!(stored(&db.store, &key).await.last_use, Some(last(7, "right")));
}

async fn a_late_use_of_a_replaced_secret_does_not_change_the_key(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let first = insert(&db.store, key(&home)).await;
    record(&db, &[used(&first, 1, "a")]).await;
    let before = stored(&db.store, &first).await;
    let mut tx = db.store.begin().await.unwrap();
    keys::keep_earlier_secret(&mut tx, &first.key_id, &first.key_hash, &first.shown_prefix, at(100))
        .await
        .unwrap();
    assert!(keys::update(&mut tx, &Key { key_hash: hex(), last_use: None, ..before }, at(0)).await.unwrap());
    tx.commit().await.unwrap();
    record(&db, &[used(&first, 2, "late")]).await;
    assert_eq!(stored(&db.store, &first).await.last_use, None, "a rotated key has no last use");
    let mut reader = db.store.read().await.unwrap();
    let grace_periods =
        keys::grace_periods(&mut reader, std::slice::from_ref(&first.key_id), at(3)).await.unwrap();
    assert_eq!(grace_periods[0].1.last_use, Some(last(2, "late")));
}

async fn a_change_keeps_a_use_that_was_recorded_in_the_meantime(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = insert(&db.store, key(&home)).await;
    record(&db, &[used(&key, 4, "a")]).await;
    let changed = change(&db.store, &key.with(|fields| fields.description = "new".into())).await;
    assert_eq!((changed.last_use, changed.fields.description.as_str()), (Some(last(4, "a")), "new"));
}

async fn many_uses_are_recorded_at_once(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let all: Vec<_> = (0..2500).map(|_| key(&home)).collect();
    insert_all(&db.store, &all).await;
    record(&db, &all.iter().map(|key| used(key, 3, "a")).collect::<Vec<_>>()).await;
    let mut reader = db.store.read().await.unwrap();
    let listed = list_of_user(&mut reader, &home.user.user_id, Some(at(0))).await;
    assert_eq!(listed.iter().filter(|key| key.last_use == Some(last(3, "a"))).count(), 2500);
}
