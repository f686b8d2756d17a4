//! Tests of owner revocations: keys of a revoked owner are shown as revoked both before and after their rows are
//! updated.

use model::Timestamp;
use model::audit::{ActorKind, AuditAction, AuditEvent, AuditResource};
use model::id::AuditId;
use model::key::{
    Count, Key, KeyFilter, KeyOwner, KeyQuery, KeySort, KeyStatus, KeyView, Permission, Place, Revocation,
    SortColumn,
};
use model::page::PageSize;
use store::owner_revocations::OwnerRevocation;
use store::testing::TestDatabase;
use store::{Store, keys, owner_revocations};

use crate::page::{ids, is_in, page, sorted, sorts, various, walk};
use crate::support::{
    TestOrganization, ask, at, hex_bytes, insert, insert_all, key, list_of_user, named, number, scattered,
    stored,
};

on_both!(
    lists_show_keys_of_an_ended_owner_as_revoked,
    filtered_lists_show_keys_of_an_ended_owner_as_revoked,
    many_ended_keys_can_be_listed,
    each_end_covers_the_keys_created_before_it,
    keys_are_revoked_in_batches_with_all_dependent_rows,
    a_number_is_never_used_twice,
    an_ended_key_can_be_revoked_individually,
    keys_stored_as_expired_are_ended_for_good,
    the_sweep_revives_no_key_of_an_ended_owner,
    the_sweep_leaves_ended_keys_to_the_batches,
    an_owner_revocation_of_a_newer_version_is_processed,
);

fn why(owner: &KeyOwner) -> Revocation {
    Revocation { at: at(5), by: Some(owner.clone()), reason: "gone".into() }
}

/// Revokes an owner, with an audit record.
pub async fn end(store: &Store, home: &TestOrganization, owner: &KeyOwner) {
    let event = AuditEvent {
        audit_id: AuditId::from_random(&scattered(number())),
        organization_id: home.id().clone(),
        at: at(5),
        action: AuditAction::UserUpdated.into(),
        resource: AuditResource::User.into(),
        resource_id: owner.to_string(),
        actor_kind: ActorKind::User.into(),
        actor_id: "usr_admin".into(),
        actor_name: "admin@example.com".into(),
        actor_key_id: None,
        changes: serde_json::Map::new(),
        address: Some("192.0.2.1".into()),
        agent: None,
        request_id: Some("req_a".into()),
    };
    let mut tx = store.begin().await.unwrap();
    store::audit::insert(&mut tx, &event).await.unwrap();
    owner_revocations::insert(&mut tx, owner, &why(owner), &event).await.unwrap();
    tx.commit().await.unwrap();
}

/// Handles one batch of the oldest owner revocation. Returns how many keys were revoked. `None` if there was nothing to
/// do.
async fn batch(store: &Store, most: u32) -> Option<usize> {
    let mut tx = store.begin().await.unwrap();
    let end = owner_revocations::lock_oldest(&mut tx).await.unwrap()?;
    let batch = keys::revoke_ended(&mut tx, &end, most).await.unwrap();
    if batch.is_last {
        owner_revocations::remove(&mut tx, &end).await.unwrap();
    }
    tx.commit().await.unwrap();
    Some(batch.revoked.len())
}

/// The keys as they must be shown after the revocation of an owner.
fn after_end(all: &[Key], owner: &KeyOwner) -> Vec<Key> {
    let seen = |key: &Key| {
        let is_ended = key.owner == *owner && key.revoked.is_none();
        Key { revoked: if is_ended { Some(why(owner)) } else { key.revoked.clone() }, ..key.clone() }
    };
    all.iter().map(seen).collect()
}

/// Keys of two users and a service account. The second user and the service account have been revoked. A key that was
/// created afterwards has not.
async fn mixed(db: &TestDatabase) -> (TestOrganization, Vec<Key>) {
    let home = TestOrganization::new(&db.store).await;
    let other = home.another(&db.store).await;
    let service_account = home.service_account(&db.store).await;
    let mut all = various(&home, &other, 60);
    for key in all.iter_mut().skip(1).step_by(5) {
        key.owner = service_account.service_account_id.clone().into();
    }
    insert_all(&db.store, &all).await;
    for owner in
        [KeyOwner::from(other.user.user_id.clone()), service_account.service_account_id.clone().into()]
    {
        end(&db.store, &home, &owner).await;
        all = after_end(&all, &owner);
    }
    all.push(insert(&db.store, named(&other, "back again")).await);
    (home, all)
}

async fn lists_show_keys_of_an_ended_owner_as_revoked(db: TestDatabase) {
    let (home, all) = mixed(&db).await;
    for _ in ["before the batches", "between them", "after them"] {
        for view in KeyView::ALL {
            let expected: Vec<_> = all.iter().filter(|key| is_in(key, *view)).cloned().collect();
            let filter = KeyFilter { view: *view, ..KeyFilter::default() };
            for sort in sorts() {
                walk(&db.store, &home, &filter, sort, 7, &sorted(expected.clone(), sort)).await;
            }
            let page = page(&db.store, &home, &KeyQuery { filter, ..KeyQuery::default() }).await;
            assert_eq!(page.found, Count { number: expected.len() as u64, or_more: false }, "{view}");
            assert_eq!(page.totals.of(*view), page.found);
            for row in page.rows {
                let version = row.key.version;
                assert!(all.contains(&Key { version: 1, ..row.key }), "{version}");
            }
        }
        batch(&db.store, 5).await;
        batch(&db.store, 100).await;
    }
}

async fn filtered_lists_show_keys_of_an_ended_owner_as_revoked(db: TestDatabase) {
    let (home, all) = mixed(&db).await;
    let ended =
        all.iter().find(|key| key.owner != KeyOwner::from(home.user.user_id.clone())).unwrap().clone();
    let owners: Vec<_> = all.iter().map(|key| key.owner.clone()).collect();
    for view in [KeyView::All, KeyView::Active, KeyView::Unused, KeyView::NeverExpires, KeyView::Revoked] {
        let mut filters: Vec<_> = owners[..3]
            .iter()
            .map(|owner| KeyFilter { owner: Some(owner.clone()), ..KeyFilter::default() })
            .collect();
        filters.extend([
            KeyFilter { permission: Some(Permission::Write), ..KeyFilter::default() },
            KeyFilter { search: "alpha".into(), ..KeyFilter::default() },
            KeyFilter { name: Some(ended.fields.name.clone()), ..KeyFilter::default() },
        ]);
        for filter in filters {
            let filter = KeyFilter { view, ..filter };
            let matches = |key: &&Key| {
                is_in(key, view)
                    && filter.owner.as_ref().is_none_or(|owner| key.owner == *owner)
                    && filter.permission.is_none_or(|least| key.fields.permissions.strongest() == Some(least))
                    && filter.name.as_ref().is_none_or(|name| key.fields.name == *name)
                    && model::text::fold(key.fields.name.as_str()).starts_with(&filter.search)
            };
            let expected: Vec<_> = all.iter().filter(matches).cloned().collect();
            for sort in sorts() {
                walk(&db.store, &home, &filter, sort, 3, &sorted(expected.clone(), sort)).await;
            }
            let found = page(&db.store, &home, &KeyQuery { filter, ..KeyQuery::default() }).await.found;
            assert_eq!(found, Count { number: expected.len() as u64, or_more: false });
        }
    }
}

async fn many_ended_keys_can_be_listed(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = home.another(&db.store).await;
    let mut all: Vec<_> = (0..10_100).map(|n| Key { created_at: at(-n), ..key(&other) }).collect();
    all.extend((0..9).map(|n| Key { created_at: at(-n * 1000), ..key(&home) }));
    insert_all(&db.store, &all).await;
    let owner = KeyOwner::from(other.user.user_id.clone());
    end(&db.store, &home, &owner).await;
    let all = after_end(&all, &owner);
    for column in [SortColumn::Created, SortColumn::Name] {
        let sort = KeySort { column, descending: true };
        for (view, totals) in [(KeyView::Active, 0), (KeyView::Revoked, 10_001)] {
            let expected: Vec<_> = all.iter().filter(|key| is_in(key, view)).cloned().collect();
            let filter = KeyFilter { view, ..KeyFilter::default() };
            let query = KeyQuery { filter, sort, place: Place::First, size: PageSize::new(1000) };
            let page = page(&db.store, &home, &query).await;
            let rows: Vec<_> = page.rows.into_iter().map(|row| row.key).collect();
            assert_eq!(ids(&rows), ids(&sorted(expected, sort)[..rows.len()]));
            assert_eq!(rows.len(), if view == KeyView::Active { 9 } else { 1000 });
            assert_eq!(page.totals.of(view), Count { number: totals, or_more: true });
        }
    }
}

async fn each_end_covers_the_keys_created_before_it(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let owner = KeyOwner::from(home.user.user_id.clone());
    let first = insert(&db.store, key(&home)).await;
    end(&db.store, &home, &owner).await;
    let second = insert(&db.store, key(&home)).await;
    let seen = async |key: &Key| stored(&db.store, key).await.revoked;
    assert_eq!((seen(&first).await, seen(&second).await), (Some(why(&owner)), None));
    end(&db.store, &home, &owner).await;
    let third = insert(&db.store, key(&home)).await;
    assert_eq!(seen(&second).await, Some(why(&owner)));
    let found = async |key: &Key| {
        let mut db = db.store.read().await.unwrap();
        owner_revocations::find(&mut db, &owner, &key.key_id)
            .await
            .unwrap()
            .map(|end: OwnerRevocation| end.number)
    };
    let (one, two) = (found(&first).await.unwrap(), found(&second).await.unwrap());
    assert!(one < two);
    assert_eq!(found(&third).await, None);
    // The first owner revocation only revokes the keys that existed then.
    assert_eq!(batch(&db.store, 10).await, Some(1));
    assert_eq!((found(&first).await, found(&second).await), (None, Some(two)));
    assert_eq!(batch(&db.store, 10).await, Some(1));
    assert_eq!(batch(&db.store, 10).await, None);
    assert!(seen(&first).await.is_some() && seen(&second).await.is_some() && seen(&third).await.is_none());
}

async fn keys_are_revoked_in_batches_with_all_dependent_rows(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let owner = KeyOwner::from(home.user.user_id.clone());
    let mut all: Vec<_> = (0..7).map(|_| key(&home)).collect();
    all[3].rotated_at = Some(at(0));
    insert_all(&db.store, &all).await;
    let earlier = crate::support::hex();
    let mut tx = db.store.begin().await.unwrap();
    keys::keep_earlier_secret(&mut tx, &all[3].key_id, &earlier, "sk_live_ab", at(100)).await.unwrap();
    tx.commit().await.unwrap();
    end(&db.store, &home, &owner).await;
    // From now on, neither the earlier nor the current secret is valid.
    let mut reader = db.store.read().await.unwrap();
    let found = keys::find_by_hash(&mut reader, &hex_bytes(&earlier)).await.unwrap();
    assert_eq!(found, None);
    let found = keys::find_by_hash(&mut reader, &hex_bytes(&all[3].key_hash)).await.unwrap();
    assert_eq!(found.unwrap().key.revoked, Some(why(&owner)));
    drop(reader);
    let mut batches = Vec::new();
    while let Some(revoked) = batch(&db.store, 3).await {
        batches.push(revoked);
    }
    assert_eq!(batches, [3, 3, 1]);
    for key in &all {
        let expected = Key { version: 2, revoked: Some(why(&owner)), ..key.clone() };
        assert_eq!(stored(&db.store, key).await, expected);
    }
    let left: (i64, i64, i64) = ask(
        &db,
        "SELECT (SELECT count(*) FROM earlier_secrets), (SELECT count(*) FROM key_terms WHERE status <> 'revoked'), \
         (SELECT count(*) FROM owner_ends)",
    )
    .await;
    assert_eq!(left, (0, 0, 0));
}

/// A key stores the number of the last owner revocation before it. If that number were used again, the second
/// revocation would miss the key.
async fn a_number_is_never_used_twice(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let owner = KeyOwner::from(home.user.user_id.clone());
    let mut kept = None;
    for _ in 0..3 {
        end(&db.store, &home, &owner).await;
        if let Some(key) = &kept {
            assert!(stored(&db.store, key).await.revoked.is_some());
        }
        kept = Some(insert(&db.store, key(&home)).await);
        while batch(&db.store, 10).await.is_some() {}
        assert_eq!(stored(&db.store, kept.as_ref().unwrap()).await.revoked, None);
    }
}

async fn an_ended_key_can_be_revoked_individually(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let owner = KeyOwner::from(home.user.user_id.clone());
    let key = insert(&db.store, named(&home, "ci")).await;
    end(&db.store, &home, &owner).await;
    let mut tx = db.store.begin().await.unwrap();
    let end = owner_revocations::find(&mut tx, &owner, &key.key_id).await.unwrap().unwrap();
    assert!(keys::revoke_ended_key(&mut tx, &end, &key.key_id).await.unwrap());
    assert!(!keys::revoke_ended_key(&mut tx, &end, &key.key_id).await.unwrap());
    keys::insert(&mut tx, &named(&home, "ci")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(batch(&db.store, 10).await, Some(0));
}

/// Keys of a user and of a service account that expire at 10 seconds and are stored as expired, by a clock that was
/// ahead.
async fn expired(db: &TestDatabase, home: &TestOrganization) -> [(KeyOwner, Vec<Key>); 2] {
    let service_account = home.service_account(&db.store).await;
    let owners =
        [home.user.user_id.clone().into(), KeyOwner::from(service_account.service_account_id.clone())];
    let all = owners.map(|owner| {
        let one = |n| {
            Key { owner: owner.clone(), rotated_at: Some(at(0)), ..named(home, &format!("ci {n}")) }
                .with(|fields| fields.expires_at = Some(at(10)))
        };
        let keys: Vec<_> = (0..7).map(one).collect();
        (owner, keys)
    });
    for (_, keys) in &all {
        insert_all(&db.store, keys).await;
    }
    sweep(db, 20).await;
    all
}

async fn sweep(db: &TestDatabase, seconds: i64) {
    let mut tx = db.store.begin().await.unwrap();
    keys::sweep_due(&mut tx, at(seconds), 100).await.unwrap();
    tx.commit().await.unwrap();
}

async fn all_are(db: &TestDatabase, keys: &[Key], ended_at: Option<Timestamp>, status: KeyStatus) {
    for key in keys {
        let key = stored(&db.store, key).await;
        assert_eq!((key.ended_at, key.status(at(0)), key.revoked), (ended_at, status, None));
    }
}

async fn keys_stored_as_expired_are_ended_for_good(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    for (owner, all) in expired(&db, &home).await {
        all_are(&db, &all, None, KeyStatus::Active).await;
        let earlier = crate::support::hex();
        let mut tx = db.store.begin().await.unwrap();
        keys::keep_earlier_secret(&mut tx, &all[3].key_id, &earlier, "sk_live_ab", at(100)).await.unwrap();
        tx.commit().await.unwrap();
        end(&db.store, &home, &owner).await;
        // A key that is created afterwards is not affected.
        let later = Key { owner: owner.clone(), ..named(&home, "later") }
            .with(|fields| fields.expires_at = Some(at(10)));
        let later = insert(&db.store, later).await;
        sweep(&db, 20).await;
        let mut batches = vec![0];
        loop {
            all_are(&db, &all, Some(at(5)), KeyStatus::Expired).await;
            all_are(&db, std::slice::from_ref(&later), None, KeyStatus::Active).await;
            let mut reader = db.store.read().await.unwrap();
            let found = keys::find_by_hash(&mut reader, &hex_bytes(&earlier)).await.unwrap();
            assert_eq!(found, None);
            let found = keys::find_by_hash(&mut reader, &hex_bytes(&all[3].key_hash)).await.unwrap();
            assert_eq!(found.unwrap().key.ended_at, Some(at(5)));
            let listed = list_of_user(&mut reader, &home.user.user_id, Some(at(0))).await;
            assert!(listed.iter().all(|key| key.fields.name.as_str() == "later" || key.owner != owner));
            drop(reader);
            let Some(revoked) = batch(&db.store, 3).await else { break };
            batches.push(revoked);
        }
        // The batches contain 3, 3 and 1 expired keys, none of which is stored as revoked.
        assert_eq!(batches, [0, 0, 0, 0]);
        let left: (i64, i64) =
            ask(&db, "SELECT (SELECT count(*) FROM earlier_secrets), (SELECT count(*) FROM owner_ends)")
                .await;
        assert_eq!(left, (0, 0));
    }
    let stored: (i64, i64) = ask(
        &db,
        "SELECT (SELECT count(*) FROM keys WHERE status = 'expired' AND ended_at IS NOT NULL), \
         (SELECT count(*) FROM keys WHERE status = 'expired' AND ended_at IS NULL)",
    )
    .await;
    assert_eq!(stored, (14, 2));
    sweep(&db, 0).await;
    let totals = keys::totals(&mut db.store.read().await.unwrap(), home.id()).await.unwrap();
    assert_eq!((totals.active.number, totals.expired.number, totals.revoked.number), (2, 14, 0));
}

async fn the_sweep_revives_no_key_of_an_ended_owner(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let [(owner, ended), (_, others)] = expired(&db, &home).await;
    end(&db.store, &home, &owner).await;
    let live = async || {
        let mut reader = db.store.read().await.unwrap();
        let ended = keys::count_ended(&mut reader, home.id()).await.unwrap();
        keys::count_live(&mut reader, home.id(), at(0)).await.unwrap() - ended
    };
    assert_eq!(live().await, 7);
    for _ in ["before the batches", "after them"] {
        sweep(&db, 0).await;
        let mut reader = db.store.read().await.unwrap();
        assert!(!keys::any_due(&mut reader, at(0)).await.unwrap());
        let totals = keys::totals(&mut reader, home.id()).await.unwrap();
        assert_eq!((totals.active.number, totals.expired.number), (7, 7));
        drop(reader);
        for key in &ended {
            assert_eq!(stored(&db.store, key).await.status(at(0)), KeyStatus::Expired);
        }
        all_are(&db, &others, None, KeyStatus::Active).await;
        assert_eq!(live().await, 7);
        batch(&db.store, 100).await;
    }
}

/// A key that expires between the owner revocation and its batch is revoked with an audit record. It was shown as
/// revoked all the time.
async fn the_sweep_leaves_ended_keys_to_the_batches(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let service_account = home.service_account(&db.store).await;
    for owner in
        [home.user.user_id.clone().into(), KeyOwner::from(service_account.service_account_id.clone())]
    {
        let mine = |name| {
            Key { owner: owner.clone(), ..named(&home, name) }.with(|fields| fields.expires_at = Some(at(10)))
        };
        let dead = insert(&db.store, mine("dead")).await;
        sweep(&db, 0).await;
        end(&db.store, &home, &owner).await;
        // The owner revocation does not affect this key, so it expires.
        let later = insert(&db.store, mine("later")).await;
        sweep(&db, 20).await;
        assert_eq!(stored(&db.store, &dead).await.revoked, Some(why(&owner)));
        assert_eq!(stored(&db.store, &later).await.status(at(20)), KeyStatus::Expired);
        let mut reader = db.store.read().await.unwrap();
        assert!(!keys::any_due(&mut reader, at(20)).await.unwrap());
        drop(reader);
        assert_eq!(batch(&db.store, 10).await, Some(1));
        assert_eq!(stored(&db.store, &dead).await.revoked, Some(why(&owner)));
        sweep(&db, 20).await;
    }
    let statuses: (i64, i64) = ask(
        &db,
        "SELECT (SELECT count(*) FROM keys WHERE status = 'revoked'), (SELECT count(*) FROM keys WHERE status = 'expired')",
    )
    .await;
    assert_eq!(statuses, (2, 2));
}

async fn an_owner_revocation_of_a_newer_version_is_processed(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    insert(&db.store, key(&home)).await;
    end(&db.store, &home, &home.user.user_id.clone().into()).await;
    db.run("UPDATE audit_events SET action = 'user_retired', actor_kind = 'robot'").await;
    assert_eq!(batch(&db.store, 10).await, Some(1));
    assert_eq!(batch(&db.store, 10).await, None);
}
