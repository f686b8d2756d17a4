//! Secrets of keys: whose they are, their grace after a rotation, and their expiry.

use model::key::Key;
use model::user::{Role, User, UserStatus};
use store::keys::{self, Holder};
use store::testing::TestDatabase;
use store::users;
use tokio::task::JoinSet;

use crate::support::{Home, at, change, hash, hex_bytes, insert, insert_all, key, named, revoked, stored};

on_both!(
    a_secret_is_found_with_its_owner,
    an_earlier_secret_is_good_until_its_end,
    graces_are_listed_moved_and_ended,
    of_rotations_at_once_one_secret_lives,
    what_has_expired_is_noted_once,
    an_expired_name_is_freed,
    an_expired_key_stays_expired,
);

async fn a_secret_is_found_with_its_owner(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let key = insert(&db.store, key(&home)).await;
    let secret = hex_bytes(&key.key_hash);
    let owner = User { role: Role::Viewer, status: UserStatus::Suspended, ..home.user.clone() };
    let holder = |owner: &User, is_removed| Holder::User {
        role: owner.role,
        status: owner.status,
        is_removed,
        email: owner.email.to_string(),
    };
    let mut tx = db.store.begin().await.unwrap();
    let found = keys::find_by_hash(&mut tx, &secret, at(0)).await.unwrap().unwrap();
    assert_eq!((&found.key, found.holder), (&key, holder(&home.user, false)));
    assert_eq!(found.earlier_until, None);
    users::update(&mut tx, &owner).await.unwrap();
    users::remove(&mut tx, &owner.user_id, at(1)).await.unwrap();
    let found = keys::find_by_hash(&mut tx, &secret, at(0)).await.unwrap().unwrap();
    assert_eq!(found.holder, holder(&owner, true));
    assert_eq!(keys::find_by_hash(&mut tx, &hash(), at(0)).await.unwrap(), None);
}

/// Rotates: the secret so far stays good until a moment.
async fn rotate(db: &TestDatabase, key: &Key, valid_until: i64) -> Key {
    let fresh = Key {
        key_hash: crate::support::hex(),
        shown_prefix: "sk_live_zz".into(),
        last_use: None,
        ..key.clone()
    };
    let mut tx = db.store.begin().await.unwrap();
    keys::retire_secret(&mut tx, &key.key_id, &key.key_hash, &key.shown_prefix, at(valid_until))
        .await
        .unwrap();
    assert!(keys::update(&mut tx, &fresh).await.unwrap());
    tx.commit().await.unwrap();
    stored(&db.store, key).await
}

async fn an_earlier_secret_is_good_until_its_end(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let first = insert(&db.store, key(&home)).await;
    let second = rotate(&db, &first, 10).await;
    let mut reader = db.store.read().await.unwrap();
    let (old, new) = (hex_bytes(&first.key_hash), hex_bytes(&second.key_hash));
    let found = keys::find_by_hash(&mut reader, &old, at(9)).await.unwrap().unwrap();
    assert_eq!((&found.key, found.earlier_until.is_some()), (&second, true));
    assert_eq!(keys::find_by_hash(&mut reader, &new, at(9)).await.unwrap().unwrap().earlier_until, None);
    assert_eq!(keys::find_by_hash(&mut reader, &old, at(10)).await.unwrap(), None);
    let mut tx = db.store.begin().await.unwrap();
    keys::note_due(&mut tx, at(10), 10).await.unwrap();
    assert_eq!(keys::end_graces(&mut tx, &first.key_id).await.unwrap(), 0, "the sweep forgot it");
}

async fn graces_are_listed_moved_and_ended(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let (one, other) = (insert(&db.store, key(&home)).await, insert(&db.store, key(&home)).await);
    let one = rotate(&db, &one, 10).await;
    let one = rotate(&db, &one, 20).await;
    rotate(&db, &other, 5).await;
    let ids = [one.key_id.clone(), other.key_id.clone()];
    let mut tx = db.store.begin().await.unwrap();
    let found = keys::graces(&mut tx, &ids, at(5)).await.unwrap();
    let ends: Vec<_> = found.iter().map(|(key, grace)| (key, grace.valid_until)).collect();
    assert_eq!(ends, [(&one.key_id, at(20)), (&one.key_id, at(10))]);
    assert_eq!(keys::graces(&mut tx, &ids, at(0)).await.unwrap().len(), 3);
    assert_eq!(keys::graces(&mut tx, &[], at(0)).await.unwrap(), []);
    assert_eq!(keys::set_grace_end(&mut tx, &one.key_id, at(7)).await.unwrap(), 2);
    assert_eq!(keys::graces(&mut tx, &ids[..1], at(7)).await.unwrap(), []);
    assert_eq!(keys::graces(&mut tx, &ids[..1], at(6)).await.unwrap().len(), 2);
    assert_eq!(keys::end_graces(&mut tx, &one.key_id).await.unwrap(), 2);
    assert_eq!(keys::graces(&mut tx, &ids, at(0)).await.unwrap().len(), 1);
}

async fn of_rotations_at_once_one_secret_lives(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let key = insert(&db.store, key(&home)).await;
    let mut callers = JoinSet::new();
    for _ in 0..4 {
        let (store, key) = (db.store.clone(), key.clone());
        callers.spawn(async move {
            let fresh = Key { key_hash: crate::support::hex(), ..key };
            let mut tx = store.begin().await.unwrap();
            let is_kept = keys::update(&mut tx, &fresh).await.unwrap();
            tx.commit().await.unwrap();
            (hex_bytes(&fresh.key_hash), is_kept)
        });
    }
    let mut reader = db.store.read().await.unwrap();
    let mut live = 0;
    for (secret, is_kept) in callers.join_all().await {
        let is_found = keys::find_by_hash(&mut reader, &secret, at(0)).await.unwrap().is_some();
        assert_eq!(is_found, is_kept);
        live += u32::from(is_found);
    }
    assert_eq!(live, 1);
    assert_eq!(keys::find_by_hash(&mut reader, &hex_bytes(&key.key_hash), at(0)).await.unwrap(), None);
}

async fn what_has_expired_is_noted_once(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let mut all: Vec<_> = (0..10).map(|n| Key { expires_at: Some(at(n)), ..key(&home) }).collect();
    all.push(key(&home));
    all.push(Key { expires_at: Some(at(0)), ..revoked(key(&home)) });
    insert_all(&db.store, &all).await;
    let mut reader = db.store.read().await.unwrap();
    assert!(!keys::any_due(&mut reader, at(-1)).await.unwrap());
    assert!(keys::any_due(&mut reader, at(0)).await.unwrap());
    // Several sweeps at once find each key once.
    let mut callers = JoinSet::new();
    for _ in 0..4 {
        let store = db.store.clone();
        callers.spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let noted = keys::note_due(&mut tx, at(5), 4).await.unwrap().expired;
            tx.commit().await.unwrap();
            noted
        });
    }
    let mut noted = callers.join_all().await.into_iter().sum::<u64>();
    while keys::any_due(&mut reader, at(5)).await.unwrap() {
        let mut tx = db.store.begin().await.unwrap();
        noted += keys::note_due(&mut tx, at(5), 4).await.unwrap().expired;
        tx.commit().await.unwrap();
    }
    assert_eq!(noted, 6);
    assert_eq!(keys::count_live(&mut reader, home.id()).await.unwrap(), 5);
}

async fn an_expired_name_is_freed(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let old = insert(&db.store, Key { expires_at: Some(at(5)), ..named(&home, "ci") }).await;
    let user = &home.user.user_id.clone().into();
    let mut tx = db.store.begin().await.unwrap();
    keys::expire_named(&mut tx, user, &old.name, at(4)).await.unwrap();
    assert!(keys::find_named(&mut tx, user, &old.name).await.unwrap().is_some());
    keys::expire_named(&mut tx, user, &old.name, at(5)).await.unwrap();
    assert_eq!(keys::find_named(&mut tx, user, &old.name).await.unwrap(), None);
    keys::insert(&mut tx, &named(&home, "ci")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(keys::count_live(&mut db.store.read().await.unwrap(), home.id()).await.unwrap(), 1);
}

async fn an_expired_key_stays_expired(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let old = insert(&db.store, Key { expires_at: Some(at(5)), ..named(&home, "ci") }).await;
    let mut tx = db.store.begin().await.unwrap();
    keys::expire_named(&mut tx, &home.user.user_id.clone().into(), &old.name, at(5)).await.unwrap();
    // A change that was under way when the key expired.
    assert!(!keys::update(&mut tx, &Key { expires_at: None, ..old.clone() }).await.unwrap());
    tx.commit().await.unwrap();
    let now = stored(&db.store, &old).await;
    change(&db.store, &Key { expires_at: None, ..now }).await;
    let mut reader = db.store.read().await.unwrap();
    assert_eq!(
        keys::find_named(&mut reader, &home.user.user_id.clone().into(), &old.name).await.unwrap(),
        None
    );
    assert_eq!(keys::count_live(&mut reader, home.id()).await.unwrap(), 0);
}
