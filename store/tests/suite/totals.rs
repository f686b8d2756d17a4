//! Tests that the stored totals always equal a count.

use model::key::{Count, Disabling, Key, KeyTotals, SOON_SECONDS, UNUSED_SECONDS};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::keys::{self, Use};
use store::testing::TestDatabase;

use crate::support::{TestOrganization, at, hex_bytes, insert_all, key, list_of_user, revoked};

on_both!(totals_equal_the_counted_rows_after_any_changes, totals_of_many_writers_add_up);

/// A change of the keys. The index selects a key in the list.
#[derive(Debug, Clone)]
enum Step {
    Insert { expires: Option<i64>, limit: Option<u32>, created: i64 },
    Revoke(usize),
    Disable(usize),
    Enable(usize),
    SetExpiry(usize, Option<i64>),
    SetLimit(usize, Option<u32>),
    Use(usize),
    Expire(i64),
    Abandon,
}

fn step() -> impl Strategy<Value = Step> {
    let far = SOON_SECONDS + 7200;
    let expiry = || proptest::option::of(prop_oneof![0..50i64, far..far + 50]);
    let created = || prop_oneof![Just(0), Just(-UNUSED_SECONDS - 5)];
    let limit = || proptest::option::of(1..9u32);
    prop_oneof![
        4 => (expiry(), limit(), created())
            .prop_map(|(expires, limit, created)| Step::Insert { expires, limit, created }),
        1 => any::<usize>().prop_map(Step::Revoke),
        1 => any::<usize>().prop_map(Step::Disable),
        1 => any::<usize>().prop_map(Step::Enable),
        1 => (any::<usize>(), expiry()).prop_map(|(place, expires)| Step::SetExpiry(place, expires)),
        1 => (any::<usize>(), limit()).prop_map(|(place, limit)| Step::SetLimit(place, limit)),
        1 => any::<usize>().prop_map(Step::Use),
        1 => (0..50i64).prop_map(Step::Expire),
        1 => Just(Step::Abandon),
    ]
}

async fn totals_equal_the_counted_rows_after_any_changes(db: TestDatabase) {
    let sequences = proptest::collection::vec(step(), 1..25);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(12) });
    let runtime = tokio::runtime::Handle::current();
    let run = |steps: Vec<Step>| {
        runtime.block_on(async {
            let home = TestOrganization::new(&db.store).await;
            for step in &steps {
                take(&db, &home, step).await;
                compare(&db, &home).await;
            }
        });
        Ok(())
    };
    tokio::task::block_in_place(|| runner.run(&sequences, run)).unwrap();
}

async fn take(db: &TestDatabase, home: &TestOrganization, step: &Step) {
    let mut tx = db.store.begin().await.unwrap();
    let all = list_of_user(&mut tx, &home.user.user_id, None).await;
    let pick = |place: &usize| all.get(place % all.len().max(1)).filter(|key| key.revoked.is_none()).cloned();
    let changed = match step {
        Step::Insert { expires, limit, created } => {
            let (expires_at, created_at) = (expires.map(at), at(*created));
            let key = Key { created_at, ..key(home) }.with(|fields| {
                fields.expires_at = expires_at;
                fields.rate_limit_override = *limit;
            });
            keys::insert(&mut tx, &key).await.unwrap();
            None
        }
        Step::Revoke(place) => pick(place).map(revoked),
        Step::Disable(place) => {
            pick(place).map(|key| Key { disabled: Some(Disabling { at: at(0), by: None }), ..key })
        }
        Step::Enable(place) => pick(place).map(|key| Key { disabled: None, ..key }),
        Step::SetExpiry(place, end) => {
            pick(place).map(|key| key.with(|fields| fields.expires_at = end.map(at)))
        }
        Step::SetLimit(place, limit) => {
            pick(place).map(|key| key.with(|fields| fields.rate_limit_override = *limit))
        }
        Step::Use(place) => {
            if let Some(Key { key_id, key_hash, .. }) = pick(place) {
                let hash = hex_bytes(&key_hash);
                let used = Use { hash, key_id, at: at(-1), address: None, agent: None };
                keys::record_uses(&mut tx, &[used]).await.unwrap();
            }
            None
        }
        Step::Expire(seconds) => {
            keys::sweep_due(&mut tx, at(*seconds), 3).await.unwrap();
            None
        }
        Step::Abandon => {
            keys::insert(&mut tx, &key(home)).await.unwrap();
            return;
        }
    };
    if let Some(key) = changed {
        assert!(keys::update(&mut tx, &key, at(0)).await.unwrap());
    }
    tx.commit().await.unwrap();
}

async fn compare(db: &TestDatabase, home: &TestOrganization) {
    let mut tx = db.store.begin().await.unwrap();
    keys::sweep_due(&mut tx, at(0), 1000).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = db.store.read().await.unwrap();
    let totals = keys::totals(&mut reader, home.id()).await.unwrap();
    let active = list_of_user(&mut reader, &home.user.user_id, Some(at(0))).await;
    let all = list_of_user(&mut reader, &home.user.user_id, None).await;
    let count = |holds: &dyn Fn(&&Key) -> bool| count_of(active.iter().filter(holds).count());
    let is_revoked = all.iter().filter(|key| key.revoked.is_some()).count();
    let expected = KeyTotals {
        active: count_of(active.len()),
        expiring: count(&|key| {
            key.fields.expires_at.is_some_and(|end| end > at(0) && end < at(SOON_SECONDS))
        }),
        unused: count(&|key| {
            key.last_use.as_ref().map_or(key.created_at, |used| used.at) <= at(-UNUSED_SECONDS)
        }),
        never_expires: count(&|key| key.fields.expires_at.is_none()),
        no_rate_limit: count(&|key| key.fields.rate_limit_override.is_none()),
        disabled: count(&|key| key.disabled.is_some()),
        expired: count_of(all.len() - active.len() - is_revoked),
        revoked: count_of(is_revoked),
    };
    assert_eq!(totals, expected);
    let of_user = keys::totals_of_user(&mut reader, &home.user.user_id, at(0)).await.unwrap();
    assert_eq!(of_user, expected, "the totals of the only member with keys");
    assert_eq!(keys::count_live(&mut reader, home.id(), at(0)).await.unwrap(), active.len() as u64);
}

fn count_of(number: usize) -> Count {
    Count { number: number as u64, or_more: false }
}

async fn totals_of_many_writers_add_up(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, home) = (db.store.clone(), home.clone());
        callers.spawn(async move {
            for _ in 0..10 {
                insert_all(&store, &[key(&home), revoked(key(&home))]).await;
            }
        });
    }
    callers.join_all().await;
    let totals = keys::totals(&mut db.store.read().await.unwrap(), home.id()).await.unwrap();
    assert_eq!((totals.active, totals.revoked, totals.all()), (count_of(80), count_of(80), count_of(160)));
}
