//! Tests of usage counts: they are added up, read in hours and days, and deleted when they are old.

use model::Timestamp;
use model::id::KeyId;
use model::usage::{EndpointUsage, Outcome, UsageRange, day_of, hour_of};
use store::testing::TestDatabase;
use store::usage::{self, Count, EndpointCount, UsageScope};

use crate::support::{NOW, TestOrganization, at, number, scattered};

on_both!(
    counts_are_added_up_by_key_and_by_organization,
    a_range_is_the_sum_of_its_hours_and_days,
    the_most_used_keys_of_each_day_are_found,
    endpoints_are_added_up_by_day,
    old_counts_are_deleted_in_batches,
    many_counts_are_written_at_once,
    an_unknown_outcome_in_the_counts_is_preserved,
);

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn key_id() -> KeyId {
    KeyId::from_random(&scattered(number()))
}

fn count(home: &TestOrganization, key: &KeyId, seconds: i64, outcome: Outcome, n: u64) -> Count {
    Count { key_id: key.clone(), organization_id: home.id().clone(), hour: hour_of(at(seconds)), outcome, n }
}

async fn add(db: &TestDatabase, counts: &[Count], endpoints: &[EndpointCount]) {
    let mut tx = db.store.begin().await.unwrap();
    usage::add(&mut tx, counts, endpoints).await.unwrap();
    tx.commit().await.unwrap();
}

fn range(from: i64, until: i64) -> UsageRange {
    UsageRange::new(Some(at(from)), Some(at(until)), at(0))
}

async fn total(db: &TestDatabase, scope: UsageScope<'_>, range: UsageRange) -> u64 {
    let mut db = db.store.read().await.unwrap();
    let found = usage::counts(&mut db, &[scope], range.cover()).await.unwrap();
    found.values().map(model::usage::OutcomeCounts::total).sum()
}

async fn counts_are_added_up_by_key_and_by_organization(db: TestDatabase) {
    let (home, other) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let (one, two, foreign) = (key_id(), key_id(), key_id());
    for _ in 0..2 {
        let counts = [
            count(&home, &one, 0, Outcome::Valid, 3),
            count(&home, &one, 0, Outcome::Valid, 1),
            count(&home, &one, -HOUR, Outcome::Revoked, 2),
            count(&home, &two, 0, Outcome::Valid, 5),
            count(&other, &foreign, 0, Outcome::Valid, 100),
        ];
        add(&db, &counts, &[]).await;
    }
    let mut reader = db.store.read().await.unwrap();
    let subjects = [UsageScope::Key(&one), UsageScope::Key(&two), UsageScope::Organization(home.id())];
    let found = usage::counts(&mut reader, &subjects, range(-DAY, HOUR).cover()).await.unwrap();
    let of =
        |id: &str| found[id].iter().map(|(outcome, n)| (outcome.known().unwrap(), n)).collect::<Vec<_>>();
    assert_eq!(of(one.as_str()), [(Outcome::Valid, 8), (Outcome::Revoked, 4)]);
    assert_eq!(of(two.as_str()), [(Outcome::Valid, 10)]);
    assert_eq!(of(home.id().as_str()), [(Outcome::Valid, 18), (Outcome::Revoked, 4)]);
    assert_eq!(found.len(), 3);
}

async fn a_range_is_the_sum_of_its_hours_and_days(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = key_id();
    // One use an hour, for forty days.
    let hours = 40 * 24;
    let counts: Vec<_> = (0..hours).map(|hour| count(&home, &key, -hour * HOUR, Outcome::Valid, 1)).collect();
    add(&db, &counts, &[]).await;
    for (from, until) in
        [(-5, -2), (-30, -1), (-24 * 7, 0), (-24 * 7 - 5, -24 - 3), (-24 * 30, 1), (-24 * 39, -24 * 35)]
    {
        let range = range(from * HOUR, until * HOUR);
        let inside = |hour: &Count| range.start <= hour.hour && hour.hour < range.end;
        let expected = counts.iter().filter(|count| inside(count)).count() as u64;
        assert_eq!(total(&db, UsageScope::Key(&key), range).await, expected, "{range:?}");
        assert_eq!(total(&db, UsageScope::Organization(home.id()), range).await, expected, "{range:?}");
    }
}

async fn the_most_used_keys_of_each_day_are_found(db: TestDatabase) {
    let (home, other) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let keys: Vec<_> = (0..20).map(|_| key_id()).collect();
    let mut counts = vec![count(&other, &key_id(), 0, Outcome::Valid, 1_000_000)];
    for (n, key) in (1_u64..).zip(&keys) {
        counts.push(count(&home, key, 0, Outcome::Valid, n));
        counts.push(count(&home, key, -DAY, Outcome::RateLimited, n * 2));
    }
    // A day outside the range.
    counts.push(count(&home, &keys[0], -5 * DAY, Outcome::Valid, 1000));
    add(&db, &counts, &[]).await;
    let days = [day_of(at(0)), day_of(at(-DAY)), day_of(at(-2 * DAY))];
    let mut db = db.store.read().await.unwrap();
    let busiest = usage::busiest(&mut db, home.id(), &days, 10, 5).await.unwrap();
    let expected: Vec<_> = keys.iter().rev().take(5).cloned().collect();
    assert_eq!(busiest, expected);
    assert_eq!(usage::busiest(&mut db, home.id(), &days, 100, 100).await.unwrap().len(), 20);
    assert_eq!(usage::busiest(&mut db, home.id(), &days, 3, 100).await.unwrap().len(), 3);
    assert_eq!(usage::busiest(&mut db, home.id(), &[], 3, 100).await.unwrap(), []);
}

async fn endpoints_are_added_up_by_day(db: TestDatabase) {
    let (key, other) = (key_id(), key_id());
    let row = |key: &KeyId, day: i64, path, requests, errors| EndpointCount {
        key_id: key.clone(),
        day: day_of(at(day * DAY)),
        method: "GET",
        path,
        requests,
        errors,
    };
    for _ in 0..2 {
        let rows = [
            row(&key, 0, "/a", 1, 1),
            row(&key, 0, "/b", 5, 0),
            row(&key, -1, "/a", 3, 0),
            row(&other, 0, "/a", 9, 9),
        ];
        add(&db, &[], &rows).await;
    }
    let mut db = db.store.read().await.unwrap();
    let mut read = async |from: i64, until: i64| {
        let found = usage::endpoints(&mut db, &key, day_of(at(from * DAY)), day_of(at(until * DAY))).await;
        let rows = found.unwrap().into_iter();
        rows.map(|EndpointUsage { method, path, requests, errors }| (method + &path, requests, errors))
            .collect::<Vec<_>>()
    };
    assert_eq!(read(-1, 1).await, [("GET/b".to_owned(), 10, 0), ("GET/a".to_owned(), 8, 2)]);
    assert_eq!(read(-1, 0).await, [("GET/a".to_owned(), 6, 0)]);
    assert_eq!(read(1, 2).await, []);
}

async fn old_counts_are_deleted_in_batches(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = key_id();
    let counts: Vec<_> = (0..10).map(|day| count(&home, &key, -day * DAY, Outcome::Valid, 1)).collect();
    let endpoint = |day: i64| EndpointCount {
        key_id: key.clone(),
        day: day_of(at(-day * DAY)),
        method: "GET",
        path: "/a",
        requests: 1,
        errors: 0,
    };
    add(&db, &counts, &(0..10).map(endpoint).collect::<Vec<_>>()).await;
    let mut removed = 0;
    loop {
        let mut tx = db.store.begin().await.unwrap();
        let some = usage::sweep(&mut tx, day_of(at(-2 * DAY)), day_of(at(-5 * DAY)), 3).await.unwrap();
        tx.commit().await.unwrap();
        assert!(some <= 9);
        if some == 0 {
            break;
        }
        removed += some;
    }
    // Hours of seven days and days of four days, each for the key and for the organization, and endpoints of four days.
    assert_eq!(removed, 7 * 2 + 4 * 2 + 4);
    assert_eq!(total(&db, UsageScope::Key(&key), range(-20 * DAY, HOUR)).await, 6);
    assert_eq!(total(&db, UsageScope::Key(&key), range(-HOUR, HOUR)).await, 1);
}

async fn many_counts_are_written_at_once(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let counts: Vec<_> = (0..2500).map(|_| count(&home, &key_id(), 0, Outcome::Valid, 1)).collect();
    let endpoints: Vec<_> = counts
        .iter()
        .map(|count| EndpointCount {
            key_id: count.key_id.clone(),
            day: day_of(Timestamp::from_seconds(NOW)),
            method: "GET",
            path: "/a",
            requests: 1,
            errors: 0,
        })
        .collect();
    add(&db, &counts, &endpoints).await;
    assert_eq!(total(&db, UsageScope::Organization(home.id()), range(-HOUR, HOUR)).await, 2500);
}

async fn an_unknown_outcome_in_the_counts_is_preserved(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = key_id();
    add(&db, &[count(&home, &key, 0, Outcome::Valid, 3), count(&home, &key, 0, Outcome::Revoked, 2)], &[])
        .await;
    db.run("UPDATE usage_hours SET outcome = 'ADDRESS_REFUSED' WHERE outcome = 'REVOKED'").await;
    let mut db = db.store.read().await.unwrap();
    let cover = range(-HOUR, HOUR).cover();
    let found = usage::counts(&mut db, &[UsageScope::Key(&key)], cover).await.unwrap();
    let counts: Vec<_> = found[key.as_str()].iter().map(|(outcome, n)| (outcome.as_str(), n)).collect();
    assert_eq!(counts, [("VALID", 3), ("ADDRESS_REFUSED", 2)]);
}
