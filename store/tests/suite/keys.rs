//! Tests of keys: unique names, versions and lists.

use model::key::{Disabling, Key, KeyCursor, KeyFields, KeyName, LastUse, Revocation, SortColumn};
use store::testing::TestDatabase;
use store::{Error, keys};
use tokio::task::JoinSet;

use crate::support::{
    TestOrganization, at, change, insert, insert_all, key, list_of_user, named, revoked, stored,
};

on_both!(
    a_key_is_stored_with_all_fields,
    only_one_of_ten_simultaneous_inserts_gets_the_name,
    a_name_can_be_used_again_after_the_end,
    letter_case_and_spaces_make_other_names,
    only_one_of_two_changes_of_one_version_succeeds,
    a_change_is_stored_with_all_fields,
    a_rename_to_a_taken_name_is_refused,
    a_key_is_found_only_in_its_organization,
    a_key_needs_a_member_of_its_own_organization,
    a_members_keys_are_listed_newest_first,
    a_members_list_continues_after_a_key_despite_changes,
);

fn full(home: &TestOrganization) -> Key {
    Key {
        rotated_at: Some(at(1)),
        last_use: Some(LastUse { at: at(2), address: Some("::1".into()), agent: None }),
        disabled: Some(Disabling { at: at(3), by: Some(home.user.user_id.clone().into()) }),
        revoked: Some(Revocation { at: at(4), by: None, reason: "leaked 👩‍💻".into() }),
        version: 7,
        ..named(home, "' OR 1=1 -- ключ/%\\")
    }
    .with(|fields| {
        *fields = KeyFields { expires_at: Some(at(100)), ..KeyFields::filled(fields.name.clone()) };
    })
}

async fn a_key_is_stored_with_all_fields(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    for key in [full(&home), key(&home), Key { created_by: None, ..key(&home) }] {
        assert_eq!(stored(&db.store, &insert(&db.store, key.clone()).await).await, key);
    }
}

async fn only_one_of_ten_simultaneous_inserts_gets_the_name(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut callers = JoinSet::new();
    for _ in 0..10 {
        let (store, key) = (db.store.clone(), named(&home, "wanted"));
        callers.spawn(async move {
            let mut tx = store.begin().await?;
            keys::insert(&mut tx, &key).await?;
            tx.commit().await
        });
    }
    let outcomes = callers.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Err(Error::Taken("key_name")))).count(), 9);
}

async fn a_name_can_be_used_again_after_the_end(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let first = insert(&db.store, named(&home, "ci")).await;
    change(&db.store, &revoked(first)).await;
    let second = insert(&db.store, named(&home, "ci").with(|fields| fields.expires_at = Some(at(5)))).await;
    let mut tx = db.store.begin().await.unwrap();
    keys::sweep_due(&mut tx, at(5), 10).await.unwrap();
    tx.commit().await.unwrap();
    let third = insert(&db.store, named(&home, "ci")).await;
    let mut db = db.store.read().await.unwrap();
    let found = keys::find_named(&mut db, &home.user.user_id.clone().into(), &second.fields.name, at(5))
        .await
        .unwrap();
    assert_eq!(found.map(|key| key.key_id), Some(third.key_id));
}

async fn letter_case_and_spaces_make_other_names(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    for name in ["Ci", "ci", "ci ", "\u{e9}", "e", "a%", "a_", "\u{fb01}", "fi"] {
        insert(&db.store, named(&home, name)).await;
    }
    let mut db = db.store.read().await.unwrap();
    let find = KeyName::parse("CI").unwrap();
    assert_eq!(
        keys::find_named(&mut db, &home.user.user_id.clone().into(), &find, at(0)).await.unwrap(),
        None
    );
}

async fn only_one_of_two_changes_of_one_version_succeeds(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    for round in 0..10 {
        let key = insert(&db.store, key(&home)).await;
        let mut callers = JoinSet::new();
        for n in 0..4 {
            let (store, key) = (db.store.clone(), key.clone());
            callers.spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let changed = key.with(|fields| fields.description = format!("{round} {n}"));
                let is_kept = keys::update(&mut tx, &changed, at(0)).await.unwrap();
                tx.commit().await.unwrap();
                is_kept.then_some(changed.fields.description)
            });
        }
        let kept: Vec<_> = callers.join_all().await.into_iter().flatten().collect();
        let now = stored(&db.store, &key).await;
        assert_eq!(
            (kept.as_slice(), now.version),
            ([now.fields.description.clone()].as_slice(), key.version + 1)
        );
    }
}

async fn a_change_is_stored_with_all_fields(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = home.another(&db.store).await;
    let first = insert(&db.store, key(&home)).await;
    let key = Key {
        key_id: first.key_id.clone(),
        owner: other.user.user_id.clone().into(),
        created_at: first.created_at,
        created_by: first.created_by.clone(),
        revoked: None,
        version: first.version,
        ..full(&home)
    }
    .with(|fields| fields.environment = first.fields.environment);
    let changed = change(&db.store, &key).await;
    assert_eq!(changed, Key { version: key.version + 1, ..key });
    let cleared = Key { disabled: None, ..changed }.with(|fields| {
        fields.description = String::new();
        fields.scopes = Vec::new();
        fields.rate_limit_override = None;
        fields.expires_at = None;
    });
    let expected = Key { version: cleared.version + 1, ..cleared.clone() };
    let cleared = change(&db.store, &cleared).await;
    assert_eq!(cleared, expected);
    let ended = Key { ended_at: Some(at(6)), ..cleared }.with(|fields| fields.expires_at = Some(at(5)));
    assert_eq!(change(&db.store, &ended).await, Key { version: ended.version + 1, ..ended });
}

async fn a_rename_to_a_taken_name_is_refused(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    insert(&db.store, named(&home, "taken")).await;
    let key = insert(&db.store, named(&home, "free")).await;
    let mut tx = db.store.begin().await.unwrap();
    let renamed = key.clone().with(|fields| fields.name = KeyName::parse("taken").unwrap());
    assert!(matches!(keys::update(&mut tx, &renamed, at(0)).await, Err(Error::Taken("key_name"))));
    drop(tx);
    assert_eq!(stored(&db.store, &key).await, key);
    let same_secret = Key { key_hash: key.key_hash.clone(), ..named(&home, "other") };
    let mut tx = db.store.begin().await.unwrap();
    assert!(matches!(keys::insert(&mut tx, &same_secret).await, Err(Error::Taken("key_hash"))));
}

async fn a_key_is_found_only_in_its_organization(db: TestDatabase) {
    let (home, foreign) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let key = insert(&db.store, key(&home)).await;
    let mut db = db.store.read().await.unwrap();
    assert_eq!(keys::find(&mut db, foreign.id(), &key.key_id).await.unwrap(), None);
    assert_eq!(
        keys::find_named(&mut db, &foreign.user.user_id.clone().into(), &key.fields.name, at(0))
            .await
            .unwrap(),
        None
    );
}

async fn a_key_needs_a_member_of_its_own_organization(db: TestDatabase) {
    let (home, foreign) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let mut tx = db.store.begin().await.unwrap();
    let smuggled = Key { owner: foreign.user.user_id.clone().into(), ..key(&home) };
    assert!(matches!(keys::insert(&mut tx, &smuggled).await, Err(Error::Database(_))));
}

async fn a_members_keys_are_listed_newest_first(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = home.another(&db.store).await;
    let mut mine: Vec<_> = (0..12).map(|n| Key { created_at: at(n / 3), ..key(&home) }).collect();
    for key in mine.iter_mut().step_by(4) {
        *key = revoked(key.clone());
    }
    insert_all(&db.store, &mine).await;
    insert(&db.store, key(&other)).await;
    mine.sort_by(|a, b| (b.created_at, &b.key_id).cmp(&(a.created_at, &a.key_id)));
    let mut db = db.store.read().await.unwrap();
    let user = &home.user.user_id;
    assert_eq!(list_of_user(&mut db, user, None).await, mine);
    mine.retain(|key| key.revoked.is_none());
    assert_eq!(list_of_user(&mut db, user, Some(at(0))).await, mine);
}

async fn a_members_list_continues_after_a_key_despite_changes(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    // Several keys were created at the same moment, and some parts end between them.
    let keys: Vec<_> = (0..20).map(|n| Key { created_at: at(n / 8), ..key(&home) }).collect();
    insert_all(&db.store, &keys).await;
    for active_at in [Some(at(0)), None] {
        for limit in [1, 3, 7, 20, 21] {
            let expected =
                list_of_user(&mut db.store.read().await.unwrap(), &home.user.user_id, active_at).await;
            let mut seen = Vec::new();
            while let Some(part) = part(&db, &home, active_at, seen.last(), limit).await {
                assert!(part.len() <= limit as usize);
                seen.extend(part);
            }
            assert_eq!(seen, expected, "{limit}");
        }
    }
    let first = part(&db, &home, Some(at(0)), None, 5).await.unwrap();
    let rest = part(&db, &home, Some(at(0)), first.last(), 100).await.unwrap();
    assert_eq!((first.len(), rest.len()), (5, 15));
    // The rest contains no ended key, no key that was already listed, and no new key, because new keys come first.
    change(&db.store, &revoked(rest[0].clone())).await;
    change(&db.store, &rest[1].clone().with(|fields| fields.expires_at = Some(at(-1)))).await;
    change(&db.store, &revoked(first[4].clone())).await;
    insert(&db.store, Key { created_at: at(9), ..key(&home) }).await;
    let changed = part(&db, &home, Some(at(0)), first.last(), 100).await.unwrap();
    assert_eq!(changed, rest[2..]);
    assert_eq!(part(&db, &home, None, first.last(), 100).await.unwrap().len(), 15);
    // A key is listed again if the clock was ahead when it was stored as expired.
    let late = changed[0].clone().with(|fields| fields.expires_at = Some(at(50)));
    let late = change(&db.store, &late).await;
    let mut tx = db.store.begin().await.unwrap();
    keys::sweep_due(&mut tx, at(60), 100).await.unwrap();
    tx.commit().await.unwrap();
    let back = part(&db, &home, Some(at(0)), first.last(), 100).await.unwrap();
    assert_eq!(back[0].key_id, late.key_id);
    assert_eq!(part(&db, &home, Some(at(60)), first.last(), 100).await.unwrap().len(), changed.len() - 1);
}

/// The next keys of the user's list. `None` at its end.
async fn part(
    db: &TestDatabase,
    home: &TestOrganization,
    active_at: Option<model::Timestamp>,
    after: Option<&Key>,
    limit: u32,
) -> Option<Vec<Key>> {
    let after = after.map(|key| KeyCursor::of(key, SortColumn::Created));
    let mut reader = db.store.read().await.unwrap();
    let part =
        keys::list_of_user(&mut reader, &home.user.user_id, active_at, after.as_ref(), limit).await.unwrap();
    (!part.is_empty()).then_some(part)
}
