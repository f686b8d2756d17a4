//! Tests of secrets: their owners, grace periods after a rotation, and expiry.

use model::key::{Key, KeyOwner, KeyStatus};
use model::user::{Role, User, UserStatus};
use store::keys::{self, CredentialOwner};
use store::testing::TestDatabase;
use store::users;
use tokio::task::JoinSet;

use crate::support::{
    TestOrganization, at, change, hash, hex_bytes, insert, insert_all, key, list_of_user, named, revoked,
    stored,
};

on_both!(
    a_secret_is_found_with_its_owner,
    an_earlier_secret_is_valid_until_its_end,
    grace_periods_are_listed_moved_and_ended,
    simultaneous_rotations_leave_one_secret,
    an_expiry_is_recorded_once,
    an_ended_grace_period_cannot_be_extended,
    the_stored_status_follows_the_clock_in_both_directions,
    the_newest_of_keys_that_share_a_name_is_restored,
    a_key_that_ended_for_good_never_changes,
    every_secret_is_read_once_in_batches,
);

async fn a_secret_is_found_with_its_owner(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = insert(&db.store, key(&home)).await;
    let secret = hex_bytes(&key.key_hash);
    let owner = User { role: Role::Viewer, status: UserStatus::Suspended, ..home.user.clone() };
    let credential_owner = |owner: &User, is_removed| CredentialOwner::User {
        role: owner.role,
        status: owner.status,
        is_removed,
        email: owner.email.to_string(),
    };
    let mut tx = db.store.begin().await.unwrap();
    let found = keys::find_by_hash(&mut tx, &secret).await.unwrap().unwrap();
    assert_eq!((&found.key, found.owner), (&key, credential_owner(&home.user, false)));
    assert_eq!(found.earlier_until, None);
    users::update(&mut tx, &owner).await.unwrap();
    users::remove(&mut tx, &owner.user_id, at(1)).await.unwrap();
    let found = keys::find_by_hash(&mut tx, &secret).await.unwrap().unwrap();
    assert_eq!(found.owner, credential_owner(&owner, true));
    assert_eq!(keys::find_by_hash(&mut tx, &hash()).await.unwrap(), None);
}

/// Rotates a key. The previous secret stays valid until a moment.
async fn rotate(db: &TestDatabase, key: &Key, valid_until: i64) -> Key {
    let fresh = Key {
        key_hash: crate::support::hex(),
        shown_prefix: "sk_live_zz".into(),
        last_use: None,
        ..key.clone()
    };
    let mut tx = db.store.begin().await.unwrap();
    keys::keep_earlier_secret(&mut tx, &key.key_id, &key.key_hash, &key.shown_prefix, at(valid_until))
        .await
        .unwrap();
    assert!(keys::update(&mut tx, &fresh, at(0)).await.unwrap());
    tx.commit().await.unwrap();
    stored(&db.store, key).await
}

async fn an_earlier_secret_is_valid_until_its_end(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let first = insert(&db.store, key(&home)).await;
    let second = rotate(&db, &first, 10).await;
    let mut reader = db.store.read().await.unwrap();
    let (old, new) = (hex_bytes(&first.key_hash), hex_bytes(&second.key_hash));
    let found = keys::find_by_hash(&mut reader, &old).await.unwrap().unwrap();
    assert_eq!((&found.key, found.earlier_until), (&second, Some(at(10))));
    assert_eq!(keys::find_by_hash(&mut reader, &new).await.unwrap().unwrap().earlier_until, None);
    let mut tx = db.store.begin().await.unwrap();
    keys::sweep_due(&mut tx, at(10), 10).await.unwrap();
    assert_eq!(keys::end_grace_periods(&mut tx, &first.key_id).await.unwrap(), 0, "the sweep has deleted it");
}

async fn grace_periods_are_listed_moved_and_ended(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let (one, other) = (insert(&db.store, key(&home)).await, insert(&db.store, key(&home)).await);
    let one = rotate(&db, &one, 10).await;
    let one = rotate(&db, &one, 20).await;
    rotate(&db, &other, 5).await;
    let ids = [one.key_id.clone(), other.key_id.clone()];
    let mut tx = db.store.begin().await.unwrap();
    let found = keys::grace_periods(&mut tx, &ids, at(5)).await.unwrap();
    let ends: Vec<_> = found.iter().map(|(key, grace)| (key, grace.valid_until)).collect();
    assert_eq!(ends, [(&one.key_id, at(20)), (&one.key_id, at(10))]);
    assert_eq!(keys::grace_periods(&mut tx, &ids, at(0)).await.unwrap().len(), 3);
    assert_eq!(keys::grace_periods(&mut tx, &[], at(0)).await.unwrap(), []);
    assert_eq!(keys::set_grace_period_end(&mut tx, &one.key_id, at(7), at(0)).await.unwrap(), 2);
    assert_eq!(keys::grace_periods(&mut tx, &ids[..1], at(7)).await.unwrap(), []);
    assert_eq!(keys::grace_periods(&mut tx, &ids[..1], at(6)).await.unwrap().len(), 2);
    assert_eq!(keys::end_grace_periods(&mut tx, &one.key_id).await.unwrap(), 2);
    assert_eq!(keys::grace_periods(&mut tx, &ids, at(0)).await.unwrap().len(), 1);
}

async fn simultaneous_rotations_leave_one_secret(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = insert(&db.store, key(&home)).await;
    let mut callers = JoinSet::new();
    for _ in 0..4 {
        let (store, key) = (db.store.clone(), key.clone());
        callers.spawn(async move {
            let fresh = Key { key_hash: crate::support::hex(), ..key };
            let mut tx = store.begin().await.unwrap();
            let is_kept = keys::update(&mut tx, &fresh, at(0)).await.unwrap();
            tx.commit().await.unwrap();
            (hex_bytes(&fresh.key_hash), is_kept)
        });
    }
    let mut reader = db.store.read().await.unwrap();
    let mut live = 0;
    for (secret, is_kept) in callers.join_all().await {
        let is_found = keys::find_by_hash(&mut reader, &secret).await.unwrap().is_some();
        assert_eq!(is_found, is_kept);
        live += u32::from(is_found);
    }
    assert_eq!(live, 1);
    assert_eq!(keys::find_by_hash(&mut reader, &hex_bytes(&key.key_hash)).await.unwrap(), None);
}

async fn an_expiry_is_recorded_once(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut all: Vec<_> =
        (0..10).map(|n| key(&home).with(|fields| fields.expires_at = Some(at(n)))).collect();
    all.push(key(&home));
    all.push(revoked(key(&home)).with(|fields| fields.expires_at = Some(at(0))));
    insert_all(&db.store, &all).await;
    let mut reader = db.store.read().await.unwrap();
    assert!(!keys::any_due(&mut reader, at(-1)).await.unwrap());
    assert!(keys::any_due(&mut reader, at(0)).await.unwrap());
    // Several concurrent sweeps find each key only once.
    let mut callers = JoinSet::new();
    for _ in 0..4 {
        let store = db.store.clone();
        callers.spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let recorded = keys::sweep_due(&mut tx, at(5), 4).await.unwrap().expired;
            tx.commit().await.unwrap();
            recorded
        });
    }
    let mut recorded = callers.join_all().await.into_iter().sum::<u64>();
    while keys::any_due(&mut reader, at(5)).await.unwrap() {
        let mut tx = db.store.begin().await.unwrap();
        recorded += keys::sweep_due(&mut tx, at(5), 4).await.unwrap().expired;
        tx.commit().await.unwrap();
    }
    assert_eq!(recorded, 6);
    assert_eq!(keys::count_live(&mut reader, home.id(), at(5)).await.unwrap(), 5);
}

async fn an_ended_grace_period_cannot_be_extended(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let first = insert(&db.store, key(&home)).await;
    let second = rotate(&db, &first, 10).await;
    let third = rotate(&db, &second, 20).await;
    let (old, newer) = (hex_bytes(&first.key_hash), hex_bytes(&second.key_hash));
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(keys::set_grace_period_end(&mut tx, &third.key_id, at(100), at(10)).await.unwrap(), 1);
    assert!(keys::find_by_hash(&mut tx, &newer).await.unwrap().is_some());
    assert_eq!(keys::find_by_hash(&mut tx, &old).await.unwrap(), None, "whatever the clock says");
    assert_eq!(keys::shorten_grace_periods(&mut tx, &third.key_id, at(50), at(20)).await.unwrap(), 1);
    assert_eq!(keys::shorten_grace_periods(&mut tx, &third.key_id, at(60), at(20)).await.unwrap(), 0);
    assert_eq!(
        keys::grace_periods(&mut tx, std::slice::from_ref(&third.key_id), at(49)).await.unwrap().len(),
        1
    );
    // Any change of the key ends earlier secrets for good whose grace period is over.
    assert!(keys::update(&mut tx, &third, at(50)).await.unwrap());
    assert_eq!(keys::find_by_hash(&mut tx, &newer).await.unwrap(), None);
}

async fn sweep(db: &TestDatabase, seconds: i64) -> keys::SweepReport {
    assert!(keys::any_due(&mut db.store.read().await.unwrap(), at(seconds)).await.unwrap());
    let mut tx = db.store.begin().await.unwrap();
    let recorded = keys::sweep_due(&mut tx, at(seconds), 100).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!keys::any_due(&mut db.store.read().await.unwrap(), at(seconds)).await.unwrap());
    recorded
}

async fn the_stored_status_follows_the_clock_in_both_directions(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let all: Vec<_> = (0..3)
        .map(|n| named(&home, &format!("ci {n}")).with(|fields| fields.expires_at = Some(at(10 + n))))
        .collect();
    insert_all(&db.store, &all).await;
    let user = &home.user.user_id;
    let ahead = sweep(&db, 11).await;
    assert_eq!((ahead.expired, ahead.restored), (2, 0));
    // The clock has been set back, and no sweep has run yet.
    for seconds in [5, 10, 11, 12] {
        let now = at(seconds);
        let is_active = |key: &&Key| key.fields.expires_at > Some(now);
        let active: Vec<_> = all.iter().filter(is_active).map(|key| key.key_id.clone()).collect();
        let mut reader = db.store.read().await.unwrap();
        assert_eq!(keys::count_live(&mut reader, home.id(), now).await.unwrap(), active.len() as u64);
        let mut listed: Vec<_> =
            list_of_user(&mut reader, user, Some(now)).await.into_iter().map(|key| key.key_id).collect();
        listed.sort_by_key(|id| all.iter().position(|key| key.key_id == *id));
        assert_eq!(listed, active);
        for key in &all {
            let found =
                keys::find_named(&mut reader, &user.clone().into(), &key.fields.name, now).await.unwrap();
            assert_eq!(found.is_some(), is_active(&key), "{seconds}");
        }
    }
    let back = sweep(&db, 10).await;
    assert_eq!((back.expired, back.restored), (0, 1));
    let totals = keys::totals(&mut db.store.read().await.unwrap(), home.id()).await.unwrap();
    assert_eq!((totals.active.number, totals.expired.number, totals.expiring.number), (2, 1, 2));
    // A change uses the status by the clock, not the stored one.
    let first = stored(&db.store, &all[0]).await;
    let mut tx = db.store.begin().await.unwrap();
    assert!(
        keys::update(&mut tx, &first.with(|fields| fields.description = "changed".into()), at(9))
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let totals = keys::totals(&mut db.store.read().await.unwrap(), home.id()).await.unwrap();
    assert_eq!((totals.active.number, totals.expired.number), (3, 0));
    let again = named(&home, "ci 0").with(|fields| fields.expires_at = None);
    let mut tx = db.store.begin().await.unwrap();
    assert!(keys::insert(&mut tx, &again).await.is_err(), "the name is taken");
}

/// The previous version left such keys: it gave the name of an expired key to another key without ending the expired
/// one.
async fn the_newest_of_keys_that_share_a_name_is_restored(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let service_account = home.service_account(&db.store).await;
    let owners: [KeyOwner; 2] =
        [home.user.user_id.clone().into(), service_account.service_account_id.clone().into()];
    for owner in owners {
        let named = || Key { owner: owner.clone(), ..named(&home, "ci") };
        let one_of = |n| Key { created_at: at(n), ..named() }.with(|fields| fields.expires_at = Some(at(n)));
        let all = [one_of(10), one_of(11), one_of(12)];
        for key in &all {
            insert(&db.store, key.clone()).await;
            sweep(&db, 20).await;
        }
        assert_eq!(sweep(&db, 5).await.restored, 1);
        for (key, has_ended) in all.iter().zip([true, true, false]) {
            assert_eq!(stored(&db.store, key).await.ended_at.is_some(), has_ended);
            let is_active = stored(&db.store, key).await.status(at(5)) == KeyStatus::Active;
            assert_eq!(is_active, !has_ended);
        }
        assert_eq!(sweep(&db, 20).await.expired, 1);
        let fourth = insert(&db.store, named()).await;
        assert_eq!(sweep(&db, 5).await.restored, 0);
        assert!(stored(&db.store, &all[2]).await.ended_at.is_some());
        let found = keys::find_named(&mut db.store.read().await.unwrap(), &owner, &fourth.fields.name, at(5))
            .await
            .unwrap();
        assert_eq!(found.map(|key| key.key_id), Some(fourth.key_id));
    }
    assert_eq!(keys::count_live(&mut db.store.read().await.unwrap(), home.id(), at(5)).await.unwrap(), 2);
}

async fn a_key_that_ended_for_good_never_changes(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let old = insert(&db.store, named(&home, "ci").with(|fields| fields.expires_at = Some(at(5)))).await;
    sweep(&db, 5).await;
    let mut tx = db.store.begin().await.unwrap();
    // A change that had started when the key expired.
    assert!(
        !keys::update(&mut tx, &old.clone().with(|fields| fields.expires_at = None), at(4)).await.unwrap()
    );
    tx.commit().await.unwrap();
    let expired = stored(&db.store, &old).await;
    let ended = change(&db.store, &Key { ended_at: Some(at(5)), ..expired }).await;
    let dead = revoked(insert(&db.store, key(&home)).await);
    let dead = change(&db.store, &dead).await;
    let mut tx = db.store.begin().await.unwrap();
    for alive in [
        Key { ended_at: None, ..ended.clone() }.with(|fields| fields.expires_at = None),
        Key { revoked: None, ..dead.clone() },
        dead.with(|fields| fields.description = "changed".into()),
    ] {
        assert!(!keys::update(&mut tx, &alive, at(0)).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert!(!keys::any_due(&mut db.store.read().await.unwrap(), at(0)).await.unwrap());
    assert_eq!(stored(&db.store, &old).await, ended);
    let next = insert(&db.store, named(&home, "ci")).await;
    let mut reader = db.store.read().await.unwrap();
    let found = keys::find_named(&mut reader, &home.user.user_id.clone().into(), &old.fields.name, at(0))
        .await
        .unwrap();
    assert_eq!(found.map(|key| key.key_id), Some(next.key_id));
    assert_eq!(keys::count_live(&mut reader, home.id(), at(0)).await.unwrap(), 1);
}

async fn every_secret_is_read_once_in_batches(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut all: Vec<_> = (0..2500).map(|_| key(&home)).collect();
    all[7] = revoked(all[7].clone());
    insert_all(&db.store, &all).await;
    let (mut batches, mut read) = (Vec::new(), Vec::new());
    keys::each_secret(&db.store, |secrets| {
        batches.push(secrets.len());
        read.extend(secrets.into_iter().map(|secret| (secret.hash, secret.key_id, secret.is_revoked)));
    })
    .await
    .unwrap();
    assert_eq!(batches, [1000, 1000, 500]);
    let mut expected: Vec<_> = all
        .iter()
        .map(|key| (hex_bytes(&key.key_hash), key.key_id.to_string(), key.revoked.is_some()))
        .collect();
    read.sort();
    expected.sort();
    assert_eq!(read, expected);
}
