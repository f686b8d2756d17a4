//! The cache as a whole: its shards, its owners, and the protocol that keeps them up to date.

use std::sync::{Arc, PoisonError};

use super::super::locks::{AtomicBool, AtomicU64, Mutex, MutexGuard, Ordering, RwLock};
use super::super::mirror::{Change, Mirror, ReadEpoch};
use super::owners::Owners;
use super::shard::Shard;
use super::subject::{covers_key, covers_owner};
use super::{Digest, Entry, KeyFacts, KeyView, Owner, PendingUses, Subject};

const SHARDS: usize = 64;
/// Number of hashes that are remembered as absent. Each hash has one fixed place, so that a flood of them takes no more
/// memory.
const ABSENT: usize = 4096;

/// Every secret of a database. `C` is what is counted beside each secret. It must not be larger than eight bytes.
pub struct KeyCache<C> {
    shards: Vec<RwLock<Shard<C>>>,
    owners: Mutex<Owners>,
    mirror: Mirror<Subject>,
    absent: Mutex<Vec<Digest>>,
    /// Uses to be written of secrets that are no longer listed. There are few: a secret gets here only if it was used,
    /// then replaced in the database, and then presented or dropped before its uses were written.
    unlisted: Mutex<Vec<PendingUses>>,
    /// Whether every secret of the database is listed. A secret that is not listed is then unknown.
    is_complete: AtomicBool,
    /// Number of secrets that were dropped for lack of room.
    drop_count: AtomicU64,
    /// The shard whose uses are written first next time.
    hand: AtomicU64,
}

impl<C: Default> KeyCache<C> {
    /// Creates an empty cache for at most this many secrets.
    pub fn new(secrets_max: usize) -> Self {
        let each = secrets_max.div_ceil(SHARDS).max(1);
        Self {
            shards: (0..SHARDS).map(|_| RwLock::new(Shard::new(each))).collect(),
            owners: Mutex::default(),
            mirror: Mirror::default(),
            absent: Mutex::new(Vec::new()),
            unlisted: Mutex::new(Vec::new()),
            is_complete: AtomicBool::new(false),
            drop_count: AtomicU64::new(0),
            hand: AtomicU64::new(0),
        }
    }

    /// The protocol state of this mirror.
    pub fn mirror(&self) -> &Mirror<Subject> {
        &self.mirror
    }

    /// Calls `look` with a secret, or with `None` if the secret is unknown. Returns `None` if the database must be
    /// asked. The answer is right only while the mirror is current.
    pub fn find<T>(&self, digest: &Digest, look: impl FnOnce(Option<KeyView<'_, C>>) -> T) -> Option<T> {
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
    pub fn count<T>(&self, digest: &Digest, look: impl FnOnce(&Entry<C>) -> T) -> Option<T> {
        let shard = self.shard(digest).read().unwrap_or_else(PoisonError::into_inner);
        shard.find(digest).map(|place| look(place.entry))
    }

    /// Stores what was read. What has changed since the read epoch was opened is stored as stale.
    pub fn insert(&self, epoch: &ReadEpoch, facts: impl IntoIterator<Item = KeyFacts>) {
        self.mirror.store(epoch, |changed| {
            for facts in facts {
                let is_touched = covers_key(changed, &facts);
                let mut shard = self.shard(&facts.digest).write().unwrap_or_else(PoisonError::into_inner);
                let is_dropped = if is_touched { shard.forget(&facts.digest) } else { shard.insert(facts) };
                self.dropped(is_dropped);
            }
        });
    }

    /// Returns the cached owner. If there is none, caches and returns `new`.
    pub fn owner(&self, epoch: &ReadEpoch, new: Owner) -> Arc<Owner> {
        self.mirror.store(epoch, |changed| {
            let is_touched = covers_owner(changed, &new);
            self.owners().get_or_insert(new, is_touched)
        })
    }

    /// Lists secrets as stale. They are read when they are used.
    pub fn insert_stale(&self, digests: impl IntoIterator<Item = Digest>) {
        for digest in digests {
            self.invalidate_secret(&digest);
        }
    }

    /// Lists an existing secret as stale, unless it is listed already.
    pub fn insert_stale_if_new(&self, digest: &Digest) {
        if self.count(digest, |_| ()).is_none() {
            self.invalidate_secret(digest);
        }
    }

    /// Remembers that a secret is unknown and removes its entry, unless that has changed since the read epoch was
    /// opened.
    pub fn insert_absent(&self, epoch: &ReadEpoch, digest: &Digest) {
        self.mirror.store(epoch, |changed| {
            if changed.may_cover(&Subject::Secret(*digest)) {
                return;
            }
            let unwritten = self.shard(digest).write().unwrap_or_else(PoisonError::into_inner).remove(digest);
            self.unlisted().extend(unwritten);
            let mut absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
            absent.resize(ABSENT, [0; 32]);
            if let Some(place) = absent.get_mut(place_of(digest)) {
                *place = *digest;
            }
        });
    }

    /// Whether every secret of the database is listed.
    pub fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Acquire)
    }

    /// Number of secrets that were dropped for lack of room since the start.
    pub fn drop_count(&self) -> u64 {
        self.drop_count.load(Ordering::Acquire)
    }

    /// Marks the cache as complete, after every secret of the database was listed under this read epoch. It stays
    /// incomplete if secrets were dropped for lack of room, or if everything was invalidated, because new secrets may
    /// then be missing.
    pub fn complete(&self, epoch: &ReadEpoch, drops_before: u64) {
        self.mirror.store(epoch, |changed| {
            if !changed.is_everything() {
                self.is_complete.store(true, Ordering::Release);
            }
            // Checked after that, so that a drop in between is not missed.
            if self.drop_count() != drops_before {
                self.is_complete.store(false, Ordering::Release);
            }
        });
    }

    /// Takes the uses to be written, of at most this many secrets.
    pub fn take_pending(&self, most: usize) -> Vec<PendingUses> {
        let mut uses = self.take_unlisted(most);
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

    fn take_unlisted(&self, most: usize) -> Vec<PendingUses> {
        let mut unlisted = self.unlisted();
        let left = unlisted.len().saturating_sub(most);
        unlisted.drain(left..).collect()
    }

    /// Puts back uses that could not be written. The secrets may be stale or no longer listed.
    pub fn put_back(&self, unwritten: Vec<PendingUses>) {
        for uses in unwritten {
            let shard = self.shard(&uses.digest).read().unwrap_or_else(PoisonError::into_inner);
            match shard.find(&uses.digest).and_then(|place| place.listed()) {
                Some(listed) => listed.add_uses(uses.n, uses.last),
                None => self.unlisted().push(uses),
            }
        }
    }

    /// Makes everything stale that the changes affect. Once this has returned, no answer uses the old data.
    pub fn apply(&self, changes: &[Change<Subject>]) {
        self.mirror.apply(changes, |change| match change {
            Change::Of(Subject::Secret(digest)) => self.invalidate_secret(digest),
            Change::Of(Subject::Owner(id)) => self.owners().invalidate_owner(id),
            Change::Of(Subject::Organization(id)) => self.owners().invalidate_organization(id),
            Change::Everything => {
                // New secrets may be missing, and must not be taken for unknown.
                self.is_complete.store(false, Ordering::Release);
                self.absent.lock().unwrap_or_else(PoisonError::into_inner).clear();
                self.owners().invalidate_all();
            }
        });
    }

    /// Number of listed secrets.
    pub fn secret_count(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    /// Number of secrets with uses to be written.
    pub fn pending_count(&self) -> usize {
        let pending =
            |shard: &RwLock<Shard<C>>| shard.read().unwrap_or_else(PoisonError::into_inner).pending_count();
        self.shards.iter().map(pending).sum::<usize>() + self.unlisted().len()
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
    fn shard(&self, digest: &Digest) -> &RwLock<Shard<C>> {
        &self.shards[usize::from(digest[0]) % SHARDS]
    }

    fn unlisted(&self) -> MutexGuard<'_, Vec<PendingUses>> {
        self.unlisted.lock().unwrap_or_else(PoisonError::into_inner)
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
