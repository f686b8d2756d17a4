//! Tests of the key cache alone.

use std::sync::Arc;

use model::Timestamp;
use model::id::{OrganizationId, UserId};
use model::key::{Environment, Operation, Permission, Permissions, ResourceScope, ResourceType};

use crate::key_cache::{Digest, KeyFacts, Owner, PendingUses};
use crate::mirrors::{KeyCache, KeyView};

fn digest(number: u32) -> Digest {
    let mut digest = [0; 32];
    digest[..4].copy_from_slice(&number.to_le_bytes());
    digest[8..12].copy_from_slice(&number.wrapping_mul(0x9E37_79B9).to_le_bytes());
    digest
}

fn learn(key_cache: &KeyCache, number: u32, name: &str) {
    let metadata = number.is_multiple_of(15).then(|| metadata(name).into());
    learn_with(key_cache, number, name, metadata);
}

fn learn_with(key_cache: &KeyCache, number: u32, name: &str, metadata: Option<Arc<str>>) {
    let epoch = key_cache.mirror().begin_read();
    let (user, organization) = (UserId::known("usr_a"), OrganizationId::known("org_a"));
    let owner = Owner::new(user.into(), organization, "ada@acme.example", Permission::Admin, true, false);
    let scope = ResourceScope {
        resource_type: ResourceType::Bucket,
        resource_id: name.to_owned(),
        operations: Some(vec![Operation::ReadData]),
    };
    let facts = KeyFacts {
        digest: digest(number),
        earlier: None,
        key_id: format!("key_{number}"),
        name: name.to_owned(),
        owner: key_cache.owner(&epoch, owner),
        permissions: Permissions::READ,
        scopes: number.is_multiple_of(10).then(|| vec![scope].into()),
        limit: None,
        expires_at: None,
        environment: Environment::parse(ENVIRONMENTS[number as usize % 3]).unwrap(),
        metadata,
        is_disabled: false,
        is_revoked: false,
        has_ended: false,
    };
    key_cache.insert(&epoch, [facts]);
    key_cache.mirror().end_read(&epoch);
}

const ENVIRONMENTS: [&str; 3] = ["live", "test", "staging9x"];

fn metadata(name: &str) -> String {
    format!("{{\"name\":\"{name}\"}}")
}

/// What a view of a key contains.
#[derive(Debug, PartialEq)]
struct Found {
    key_id: String,
    name: String,
    environment: String,
    /// The resource of the first scope.
    resource: Option<String>,
    metadata: Option<String>,
}

fn found(key_cache: &KeyCache, number: u32) -> Option<Found> {
    let seen = |view: KeyView<'_>| {
        let resource = view.scopes.and_then(|scopes| Some(scopes.first()?.resource_id.clone()));
        let metadata = view.metadata.map(str::to_owned);
        Found {
            key_id: view.key_id.to_owned(),
            name: view.name.to_owned(),
            environment: view.environment.to_string(),
            resource,
            metadata,
        }
    };
    key_cache.find(&digest(number), |view| view.map(seen)).flatten()
}

#[test]
fn each_secret_keeps_its_own_facts_through_changes() {
    let key_cache = KeyCache::new(1_000_000);
    for round in 0..12 {
        for number in 0..5_000 {
            learn(&key_cache, number, &format!("{round} {}", "x".repeat(number as usize % 190)));
        }
    }
    for number in 0..5_000_u32 {
        let name = format!("11 {}", "x".repeat(number as usize % 190));
        let expected = Found {
            key_id: format!("key_{number}"),
            environment: ENVIRONMENTS[number as usize % 3].to_owned(),
            resource: number.is_multiple_of(10).then(|| name.clone()),
            metadata: number.is_multiple_of(15).then(|| metadata(&name)),
            name,
        };
        assert_eq!(found(&key_cache, number), Some(expected));
    }
    assert_eq!(key_cache.secret_count(), 5_000);
}

#[test]
fn metadata_counts_by_its_size() {
    let key_cache = KeyCache::new(10_000);
    let large: Arc<str> = format!("{{\"a\":\"{}\"}}", "x".repeat(4_000)).into();
    for round in 0..3 {
        for number in 0..10_000 {
            learn_with(&key_cache, number, &format!("{round}"), Some(large.clone()));
        }
        // Each key counts as one entry of 128 bytes and 32 for its metadata.
        assert!((1..=10_000 / 33).contains(&key_cache.secret_count()), "{}", key_cache.secret_count());
    }
    for number in 0..10_000 {
        learn_with(&key_cache, number, "small", None);
    }
    assert!(key_cache.secret_count() > 5_000, "{}", key_cache.secret_count());
}

/// Counts one use, at this second.
fn add_use(key_cache: &KeyCache, number: u32, second: i64) {
    let add = |view: Option<KeyView<'_>>| {
        view.unwrap().listed.unwrap().add_uses(1, Timestamp::from_seconds(second));
    };
    assert!(key_cache.find(&digest(number), add).is_some());
}

fn remove(key_cache: &KeyCache, number: u32) {
    let epoch = key_cache.mirror().begin_read();
    key_cache.insert_absent(&epoch, &digest(number));
    key_cache.mirror().end_read(&epoch);
}

/// The key id, the number of uses and the second of the last one, in order.
fn seen(uses: &[PendingUses]) -> Vec<(&str, u32, i64)> {
    assert!(uses.iter().all(|uses| uses.organization.as_str() == "org_a"));
    let mut seen: Vec<_> =
        uses.iter().map(|uses| (uses.key_id.as_str(), uses.n, uses.last.seconds())).collect();
    seen.sort_unstable();
    seen
}

#[test]
fn uses_of_stale_and_removed_secrets_are_written() {
    let key_cache = KeyCache::new(1_000);
    let long = "x".repeat(150);
    for (number, name) in [(1, "a"), (2, "a"), (3, &long), (4, &long)] {
        learn(&key_cache, number, name);
        add_use(&key_cache, number, 6);
        add_use(&key_cache, number, 7);
    }
    key_cache.insert_stale([digest(1), digest(3)]);
    remove(&key_cache, 2);
    remove(&key_cache, 4);
    assert_eq!(key_cache.secret_count(), 2);
    let taken = key_cache.take_pending(10);
    assert_eq!(seen(&taken), [("key_1", 2, 7), ("key_2", 2, 7), ("key_3", 2, 7), ("key_4", 2, 7)]);
    assert!(key_cache.take_pending(10).is_empty());

    // Secrets that are removed while their uses are being written, and listed again without having been read.
    remove(&key_cache, 1);
    remove(&key_cache, 3);
    key_cache.insert_stale([digest(3)]);
    key_cache.put_back(taken);
    let (some, others) = (key_cache.take_pending(3), key_cache.take_pending(10));
    assert_eq!((some.len(), others.len()), (3, 1));
    let all: Vec<_> = some.into_iter().chain(others).collect();
    assert_eq!(seen(&all), [("key_1", 2, 7), ("key_2", 2, 7), ("key_3", 2, 7), ("key_4", 2, 7)]);
    assert!(key_cache.take_pending(10).is_empty());
}

#[test]
fn a_stale_secret_keeps_its_id_while_others_change() {
    let key_cache = KeyCache::new(1_000_000);
    let long = "x".repeat(190);
    for number in 0..5_000 {
        learn(&key_cache, number, &long);
    }
    add_use(&key_cache, 77, 1);
    key_cache.insert_stale([digest(77)]);
    // The texts that are no longer used are dropped in between.
    for round in 0..12 {
        for number in (0..5_000).filter(|number| *number != 77) {
            learn(&key_cache, number, &format!("{round} {long}"));
        }
    }
    assert_eq!(seen(&key_cache.take_pending(10)), [("key_77", 1, 1)]);
    assert_eq!(found(&key_cache, 77), None);
}

#[test]
fn a_secret_with_uses_is_not_dropped_in_place_of_a_removed_one() {
    // One secret in each part of the cache. These three belong to one part, and have neither scopes nor metadata.
    let key_cache = KeyCache::new(64);
    learn(&key_cache, 1, "a");
    add_use(&key_cache, 1, 1);
    learn(&key_cache, 65, "a");
    remove(&key_cache, 1);
    remove(&key_cache, 65);
    learn(&key_cache, 1, "a");
    add_use(&key_cache, 1, 2);
    learn(&key_cache, 129, "a");
    assert_eq!(seen(&key_cache.take_pending(10)), [("key_1", 1, 1), ("key_1", 1, 2)]);
}

#[test]
fn many_uses_are_taken_in_batches_and_each_once() {
    let key_cache = KeyCache::new(1_000_000);
    for number in 0..1_000 {
        learn(&key_cache, number, "a");
        add_use(&key_cache, number, 1);
    }
    let mut taken = Vec::new();
    loop {
        let uses = key_cache.take_pending(64);
        assert!(uses.len() <= 64);
        if uses.is_empty() {
            break;
        }
        taken.extend(uses.into_iter().map(|uses| uses.digest));
    }
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), 1_000);
}
