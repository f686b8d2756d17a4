//! Measures what a lookup in the key cache costs, without a server, compared with a map of the standard library.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use model::id::{OrganizationId, UserId};
use model::key::{Environment, Permission, Permissions};
use service::key_cache::{BuildDigestHasher, Digest, KeyCache, KeyFacts, Owner};
use sha2::{Digest as _, Sha256};

use crate::Result;
use crate::setting::Setting;
use crate::stats::median;
use crate::table::{Row, Verdict, number};

/// How often each figure is measured, in turns with its opponent.
const ROUNDS: usize = 7;
/// The number of lookups in a round.
const LOOKUPS: u64 = 200_000;
/// Keys that are stored at a time, as when the cache is filled from a database.
const BATCH: u64 = 1000;

type Map = RwLock<HashMap<Digest, KeyFacts, BuildDigestHasher>>;

pub fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let keys = setting.large;
    // The keys are looked up in an order that differs from their order in memory.
    let stored: Vec<_> = (0..LOOKUPS).map(|n| digest(n.wrapping_mul(0x9E37_79B9_7F4A_7C15) % keys)).collect();
    let unknown: Vec<_> = (0..LOOKUPS).map(|n| digest(keys + n)).collect();
    let empty = resident()?;
    let (cache, owner) = filled(keys)?;
    let with_cache = resident()?;
    let map: Map = RwLock::new((0..keys).map(|number| (digest(number), facts(number, &owner))).collect());
    let with_map = resident()?;
    let mut rows = Vec::new();
    for (what, digests) in [("stored", &stored), ("unknown", &unknown)] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(nanoseconds(digests, |digest| in_cache(&cache, digest)));
            theirs.push(nanoseconds(digests, |digest| in_map(&map, digest)));
        }
        let what = format!("lookup of a key that is {what}, {} keys, in ns", number(keys as f64));
        rows.push(row(what, median(&ours).unwrap_or_default(), median(&theirs).unwrap_or_default()));
    }
    let each = |bytes: f64| bytes / keys as f64;
    rows.push(row("bytes for each key".to_owned(), each(with_cache - empty), each(with_map - with_cache)));
    Ok(rows)
}

fn row(what: String, ours: f64, opponent: f64) -> Row {
    Row {
        goal: "cache",
        what,
        ours: number(ours),
        opponent: format!("a map behind a lock {}", number(opponent)),
        ratio: Some(ours / opponent),
        wanted: "–".to_owned(),
        verdict: Verdict::Told,
    }
}

/// A complete cache with this many keys of one owner.
fn filled(keys: u64) -> Result<(KeyCache<AtomicU64>, Arc<Owner>)> {
    let cache = KeyCache::new(usize::try_from(keys)?.saturating_mul(2));
    let epoch = cache.mirror().begin_read();
    let (user, organization) = (UserId::known("usr_a"), OrganizationId::known("org_a"));
    let owner = Owner::new(user.into(), organization, "ada@acme.example", Permission::Admin, true, false);
    let owner = cache.owner(&epoch, owner);
    for first in (0..keys).step_by(usize::try_from(BATCH)?) {
        cache.insert(&epoch, (first..keys.min(first + BATCH)).map(|number| facts(number, &owner)));
    }
    cache.complete(&epoch, 0);
    cache.mirror().end_read(&epoch);
    if cache.is_complete() { Ok((cache, owner)) } else { Err("the keys do not fit into the cache".into()) }
}

fn facts(number: u64, owner: &Arc<Owner>) -> KeyFacts {
    KeyFacts {
        digest: digest(number),
        earlier: None,
        key_id: format!("key_{number:020}"),
        name: format!("key {number}"),
        owner: Arc::clone(owner),
        permissions: Permissions::READ,
        scopes: None,
        limit: None,
        expires_at: None,
        environment: Environment::LIVE,
        metadata: None,
        is_disabled: false,
        is_revoked: false,
        has_ended: false,
    }
}

fn digest(number: u64) -> Digest {
    Sha256::digest(number.to_le_bytes()).into()
}

/// Reads what a verdict needs.
fn in_cache(cache: &KeyCache<AtomicU64>, digest: &Digest) -> bool {
    let is_valid = |state: model::verify::KeyState<'_>| !state.is_revoked && state.owner_is_active;
    cache.find(digest, |view| view.is_some_and(|view| is_valid(view.state()))).unwrap_or_default()
}

fn in_map(map: &Map, digest: &Digest) -> bool {
    let map = map.read().unwrap_or_else(PoisonError::into_inner);
    map.get(digest).is_some_and(|facts| !facts.is_revoked && facts.owner.is_active)
}

/// The nanoseconds that one lookup takes.
fn nanoseconds(digests: &[Digest], look: impl Fn(&Digest) -> bool) -> f64 {
    let began = Instant::now();
    for digest in digests {
        black_box(look(black_box(digest)));
    }
    began.elapsed().as_nanos() as f64 / digests.len() as f64
}

/// The resident memory of this process, in bytes.
fn resident() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no memory in the status")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0)
}
