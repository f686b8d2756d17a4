//! The key cache: every secret of the database in memory, by its hash.
//!
//! It is valid only while the feed of invalidations is current (see [`KeyCache::is_current`]). A change makes the
//! affected entries *stale*: they stay listed, so that they are not taken for unknown, and are read again before they
//! are used.
//!
//! Data can change between reading it from the database and storing it here. So each reader first opens a
//! [`ReadEpoch`], each change is recorded in all open epochs, and what has changed according to its epoch is stored as
//! stale. The model in `model_checked/race.rs` shows for many schedules that this suffices, and that it fails without
//! the epoch.

mod blocks;
mod dirty;
mod entry;
mod facts;
mod hash_table;
mod owners;
mod pending;
mod read_epochs;
mod shard;

use std::sync::PoisonError;

use store::invalidations::Invalidation;

use entry::Entry;
pub(crate) use facts::{KeyFacts, KeyView};
use owners::Owners;
pub(crate) use owners::{Organization, Owner};
pub(crate) use pending::PendingUses;
pub(crate) use read_epochs::ReadEpoch;
use read_epochs::ReadEpochs;
use shard::Shard;

use super::locks::{AtomicBool, AtomicU64, Mutex, MutexGuard, Ordering, RwLock};
pub(crate) use crate::verify::digest::Digest;

const SHARDS: usize = 64;
/// Number of hashes that are remembered as absent. Each hash has one fixed place, so that a flood of them takes no more
/// memory.
const ABSENT: usize = 4096;

pub(crate) struct KeyCache {
    shards: Vec<RwLock<Shard>>,
    owners: Mutex<Owners>,
    epochs: Mutex<ReadEpochs>,
    absent: Mutex<Vec<Digest>>,
    /// Whether every secret of the database is listed. A secret that is not listed is then unknown.
    is_complete: AtomicBool,
    /// Number of secrets that were dropped for lack of room.
    drop_count: AtomicU64,
    /// The shard whose uses are written first next time.
    hand: AtomicU64,
    /// The time up to which the cache is valid, in milliseconds of the monotonic clock.
    valid_until: AtomicU64,
}

impl KeyCache {
    /// Creates an empty cache for at most this many secrets.
    pub(crate) fn new(secrets_max: usize) -> Self {
        let each = secrets_max.div_ceil(SHARDS).max(1);
        Self {
            shards: (0..SHARDS).map(|_| RwLock::new(Shard::new(each))).collect(),
            owners: Mutex::default(),
            epochs: Mutex::default(),
            absent: Mutex::new(Vec::new()),
            is_complete: AtomicBool::new(false),
            drop_count: AtomicU64::new(0),
            hand: AtomicU64::new(0),
            valid_until: AtomicU64::new(0),
        }
    }

    /// Whether the cache is valid at a moment of the monotonic clock.
    pub(crate) fn is_current(&self, millis: u64) -> bool {
        millis < self.valid_until.load(Ordering::Acquire)
    }

    /// Marks the cache as valid until a moment of the monotonic clock.
    pub(crate) fn set_valid_until(&self, millis: u64) {
        self.valid_until.store(millis, Ordering::Release);
    }

    /// Calls `look` with a secret, or with `None` if the secret is unknown. Returns `None` if the database must be
    /// asked.
    pub(crate) fn find<T>(&self, digest: &Digest, look: impl FnOnce(Option<KeyView<'_>>) -> T) -> Option<T> {
        let shard = self.shard(digest).read().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = shard.find(digest) {
            return place.view().map(|view| look(Some(view)));
        }
        // Read before the shard is unlocked. Otherwise the load could list this secret and complete the cache in
        // between, and the secret would be taken for unknown.
        let is_complete = self.is_complete();
        drop(shard);
        (is_complete || self.is_known_absent(digest)).then(|| look(None))
    }

    /// Calls `look` with the entry of a secret, for its counters. The entry may be stale.
    pub(crate) fn count<T>(&self, digest: &Digest, look: impl FnOnce(&Entry) -> T) -> Option<T> {
        let shard = self.shard(digest).read().unwrap_or_else(PoisonError::into_inner);
        shard.find(digest).map(|place| look(place.entry))
    }

    /// Opens a read epoch. Call this before reading from the database.
    pub(crate) fn begin_read(&self) -> ReadEpoch {
        self.epochs().open()
    }

    /// Whether a secret may have changed since the read epoch was opened. Changes nothing.
    pub(crate) fn may_have_changed(&self, epoch: &ReadEpoch, digest: &Digest) -> bool {
        self.epochs().invalidated(epoch).is_none_or(|invalidated| invalidated.may_cover(digest))
    }

    /// Stores what was read. What has changed since the read epoch was opened is stored as stale.
    pub(crate) fn insert(&self, epoch: &ReadEpoch, facts: impl IntoIterator<Item = KeyFacts>) {
        // Locked to the end, so that a concurrent change is recorded after this and finds what is stored here.
        let epochs = self.epochs();
        for facts in facts {
            let is_touched = epochs.invalidated(epoch).is_none_or(|invalidated| invalidated.covers(&facts));
            let mut shard = self.shard(&facts.digest).write().unwrap_or_else(PoisonError::into_inner);
            let is_dropped = if is_touched { shard.forget(&facts.digest) } else { shard.insert(facts) };
            self.dropped(is_dropped);
        }
    }

    /// Returns the cached owner. If there is none, caches and returns `new`.
    pub(crate) fn owner(&self, epoch: &ReadEpoch, new: Owner) -> std::sync::Arc<Owner> {
        let epochs = self.epochs();
        let invalidated = epochs.invalidated(epoch);
        let is_touched = invalidated.is_none_or(|invalidated| invalidated.covers_owner(&new));
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.get_or_insert(new, is_touched)
    }

    /// Lists secrets as stale. They are read when they are used.
    pub(crate) fn insert_stale(&self, digests: impl IntoIterator<Item = Digest>) {
        for digest in digests {
            self.invalidate_secret(&digest);
        }
    }

    /// Lists an existing secret as stale, unless it is listed already.
    pub(crate) fn insert_stale_if_new(&self, digest: &Digest) {
        if self.count(digest, |_| ()).is_none() {
            self.invalidate_secret(digest);
        }
    }

    /// Remembers that a secret is unknown and removes its entry, unless that has changed since the read epoch was
    /// opened.
    pub(crate) fn insert_absent(&self, epoch: &ReadEpoch, digest: &Digest) {
        let epochs = self.epochs();
        if epochs.invalidated(epoch).is_none_or(|invalidated| invalidated.may_cover(digest)) {
            return;
        }
        self.shard(digest).write().unwrap_or_else(PoisonError::into_inner).remove(digest);
        let mut absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.resize(ABSENT, [0; 32]);
        if let Some(place) = absent.get_mut(place_of(digest)) {
            *place = *digest;
        }
    }

    /// Whether every secret of the database is listed.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Acquire)
    }

    /// Number of secrets that were dropped for lack of room since the start.
    pub(crate) fn drop_count(&self) -> u64 {
        self.drop_count.load(Ordering::Acquire)
    }

    /// Marks the cache as complete, after every secret of the database was listed under this read epoch. It stays
    /// incomplete if secrets were dropped for lack of room, or if everything was invalidated, because new secrets may
    /// then be missing.
    pub(crate) fn complete(&self, epoch: &ReadEpoch, drops_before: u64) {
        let epochs = self.epochs();
        let is_whole = epochs.invalidated(epoch).is_some_and(|invalidated| !invalidated.is_everything());
        if is_whole {
            self.is_complete.store(true, Ordering::Release);
        }
        // Checked after that, so that a drop in between is not missed.
        if self.drop_count() != drops_before {
            self.is_complete.store(false, Ordering::Release);
        }
    }

    /// Takes the uses to be written, of at most this many secrets.
    pub(crate) fn take_pending(&self, most: usize) -> Vec<PendingUses> {
        let mut uses = Vec::new();
        let first = self.hand.fetch_add(1, Ordering::Relaxed);
        for shard in 0..SHARDS {
            let at = usize::try_from(first).unwrap_or(0).wrapping_add(shard) % SHARDS;
            if let Some(shard) = self.shards.get(at).filter(|_| uses.len() < most) {
                let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
                shard.take_pending(most - uses.len(), &mut uses);
            }
        }
        uses
    }

    /// Puts back uses that could not be written. The entries may be stale.
    pub(crate) fn put_back(&self, unwritten: Vec<PendingUses>) {
        for PendingUses { digest, n, last, .. } in unwritten {
            let shard = self.shard(&digest).read().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = shard.find(&digest) {
                place.listed().add_uses(n, last);
            }
        }
    }

    /// Closes a read epoch.
    pub(crate) fn end_read(&self, epoch: &ReadEpoch) {
        self.epochs().close(epoch);
    }

    /// Makes everything stale that the invalidations affect. Once this has returned, no answer uses the old data.
    pub(crate) fn apply(&self, invalidations: &[Invalidation]) {
        // The epochs come first, because what is being read now may be from before the change.
        self.epochs().touch(invalidations);
        for invalidation in invalidations {
            match invalidation {
                Invalidation::Secret(digest) => self.invalidate_secret(digest),
                Invalidation::Owner(id) => self.owners().invalidate_owner(id),
                Invalidation::Organization(id) => self.owners().invalidate_organization(id),
                Invalidation::Everything => {
                    // New secrets may be missing, and must not be taken for unknown.
                    self.is_complete.store(false, Ordering::Release);
                    self.absent.lock().unwrap_or_else(PoisonError::into_inner).clear();
                    self.owners().invalidate_all();
                }
                // No verdict depends on a gateway.
                Invalidation::Gateway(_) => {}
            }
        }
    }

    /// Number of listed secrets.
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    fn invalidate_secret(&self, digest: &Digest) {
        let is_dropped = self.shard(digest).write().unwrap_or_else(PoisonError::into_inner).forget(digest);
        self.dropped(is_dropped);
        let mut absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = absent.get_mut(place_of(digest)).filter(|place| *place == digest) {
            *place = [0; 32];
        }
    }

    /// After a drop, the cache is not complete any more, and a secret that is not listed may exist.
    fn dropped(&self, is_dropped: bool) {
        if is_dropped {
            self.drop_count.fetch_add(1, Ordering::AcqRel);
            self.is_complete.store(false, Ordering::Release);
        }
    }

    fn is_known_absent(&self, digest: &Digest) -> bool {
        let absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.get(place_of(digest)) == Some(digest)
    }

    #[expect(clippy::indexing_slicing, reason = "there are SHARDS of them")]
    fn shard(&self, digest: &Digest) -> &RwLock<Shard> {
        &self.shards[usize::from(digest[0]) % SHARDS]
    }

    fn epochs(&self) -> MutexGuard<'_, ReadEpochs> {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn owners(&self) -> MutexGuard<'_, Owners> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a hash among the absent ones. It does not depend on the byte that chooses the shard.
fn place_of(digest: &Digest) -> usize {
    let [_, first, second, ..] = digest;
    usize::from(u16::from_le_bytes([*first, *second])) % ABSENT
}
