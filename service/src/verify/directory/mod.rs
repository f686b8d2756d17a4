//! Every secret of the database in memory, by its hash.
//!
//! What is known is believed for as long as the feed of changes is heard (see [`Directory::is_current`]). A change makes
//! what it touches *stale*: still listed, so that nobody takes it for unknown, and asked for anew before it is used.
//!
//! Between reading from the database and writing here, what was read may change. So whoever reads opens a
//! [`Ticket`] first, each change is noted on all open tickets, and what a ticket says has changed is stored as stale. The
//! model in `modelled/race.rs` shows under every schedule that this suffices, and fails without it.

mod blocks;
mod dirty;
mod entry;
mod facts;
mod owners;
mod places;
mod shard;
mod tickets;

use std::sync::PoisonError;

use store::changes::Subject;

use entry::Entry;
pub(crate) use facts::{Facts, View};
use owners::Owners;
pub(crate) use owners::{Organization, Owner};
use shard::Shard;
pub(crate) use tickets::Ticket;
use tickets::Tickets;

use super::locks::{AtomicBool, AtomicU64, Mutex, MutexGuard, Ordering, RwLock};
pub(crate) use crate::verify::digest::Digest;
use crate::verify::pending::Uses;

const SHARDS: usize = 64;
/// Hashes that are remembered to be nobody's. Each has one place, so that no flood takes more memory.
const ABSENT: usize = 4096;

/// The directory.
pub(crate) struct Directory {
    shards: Vec<RwLock<Shard>>,
    owners: Mutex<Owners>,
    tickets: Mutex<Tickets>,
    absent: Mutex<Vec<Digest>>,
    /// Whether every secret of the database is listed: what is not is nobody's.
    is_complete: AtomicBool,
    /// Secrets that had to go for want of room.
    drops: AtomicU64,
    /// The shard whose uses are written first.
    hand: AtomicU64,
    /// Until when what is known may be believed: milliseconds of the monotonic clock.
    believed_until: AtomicU64,
}

impl Directory {
    /// An empty directory for at most so many secrets.
    pub(crate) fn new(secrets_max: usize) -> Self {
        let each = secrets_max.div_ceil(SHARDS).max(1);
        Self {
            shards: (0..SHARDS).map(|_| RwLock::new(Shard::new(each))).collect(),
            owners: Mutex::default(),
            tickets: Mutex::default(),
            absent: Mutex::new(Vec::new()),
            is_complete: AtomicBool::new(false),
            drops: AtomicU64::new(0),
            hand: AtomicU64::new(0),
            believed_until: AtomicU64::new(0),
        }
    }

    /// Whether what is known may be believed at a moment of the monotonic clock.
    pub(crate) fn is_current(&self, millis: u64) -> bool {
        millis < self.believed_until.load(Ordering::Acquire)
    }

    /// Lets what is known be believed until a moment.
    pub(crate) fn believe_until(&self, millis: u64) {
        self.believed_until.store(millis, Ordering::Release);
    }

    /// Looks at a secret, or at nothing where it is nobody's. Nothing comes of it when the database must be asked.
    pub(crate) fn find<T>(&self, digest: &Digest, look: impl FnOnce(Option<View<'_>>) -> T) -> Option<T> {
        let shard = self.shard(digest).read().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = shard.find(digest) {
            return place.view().map(|view| look(Some(view)));
        }
        // Before the shard is let go: otherwise all could be listed in between, and this one with them.
        let is_complete = self.is_complete();
        drop(shard);
        (is_complete || self.is_noted_absent(digest)).then(|| look(None))
    }

    /// Looks at what is counted of a secret, whether or not the rest of it is stale.
    pub(crate) fn count<T>(&self, digest: &Digest, look: impl FnOnce(&Entry) -> T) -> Option<T> {
        let shard = self.shard(digest).read().unwrap_or_else(PoisonError::into_inner);
        shard.find(digest).map(|place| look(place.entry))
    }

    /// Begins to read from the database.
    pub(crate) fn open(&self) -> Ticket {
        self.tickets().open()
    }

    /// Whether what was read under a ticket about a secret may have changed since.
    pub(crate) fn may_have_changed(&self, ticket: &Ticket, digest: &Digest) -> bool {
        self.tickets().touched(ticket).is_none_or(|touched| touched.may_cover(digest))
    }

    /// Stores what was read, as stale where it has changed meanwhile.
    pub(crate) fn learn(&self, ticket: &Ticket, facts: impl IntoIterator<Item = Facts>) {
        // Held to the end: a change that comes now is noted after this, and finds what is stored here.
        let tickets = self.tickets();
        for facts in facts {
            let is_touched = tickets.touched(ticket).is_none_or(|touched| touched.covers(&facts));
            let mut shard = self.shard(&facts.digest).write().unwrap_or_else(PoisonError::into_inner);
            let is_dropped = if is_touched { shard.forget(&facts.digest) } else { shard.learn(facts) };
            self.dropped(is_dropped);
        }
    }

    /// The owner of what is about to be learned: the one that is known, or this one.
    pub(crate) fn owner(&self, ticket: &Ticket, new: Owner) -> std::sync::Arc<Owner> {
        let tickets = self.tickets();
        let touched = tickets.touched(ticket);
        let is_touched = touched.is_none_or(|touched| touched.covers_owner(&new));
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.get_or_insert(new, is_touched)
    }

    /// Lists secrets whose facts are asked for when they are used.
    pub(crate) fn list(&self, digests: impl IntoIterator<Item = Digest>) {
        for digest in digests {
            self.forget_secret(&digest);
        }
    }

    /// Lists a secret that exists, if it is not listed yet.
    pub(crate) fn list_if_new(&self, digest: &Digest) {
        if self.count(digest, |_| ()).is_none() {
            self.forget_secret(digest);
        }
    }

    /// Remembers that a secret is nobody's, unless that has changed since the ticket was opened. An entry of it goes.
    pub(crate) fn note_absent(&self, ticket: &Ticket, digest: &Digest) {
        let tickets = self.tickets();
        if tickets.touched(ticket).is_none_or(|touched| touched.may_cover(digest)) {
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

    /// How many secrets had to go for want of room since the beginning.
    pub(crate) fn drops(&self) -> u64 {
        self.drops.load(Ordering::Acquire)
    }

    /// Says that every secret of the database was listed under a ticket, unless some had to go for want of room, or new
    /// ones came that nobody named.
    pub(crate) fn complete(&self, ticket: &Ticket, drops_before: u64) {
        let tickets = self.tickets();
        let is_whole = tickets.touched(ticket).is_some_and(|touched| !touched.is_everything());
        if is_whole {
            self.is_complete.store(true, Ordering::Release);
        }
        // After that, so that one that goes meanwhile is not missed.
        if self.drops() != drops_before {
            self.is_complete.store(false, Ordering::Release);
        }
    }

    /// Takes uses that are to be written, of so many secrets at most.
    pub(crate) fn take_pending(&self, most: usize) -> Vec<Uses> {
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

    /// Counts uses again that could not be written, of stale ones too.
    pub(crate) fn put_back(&self, unwritten: Vec<Uses>) {
        for Uses { digest, n, last, .. } in unwritten {
            let shard = self.shard(&digest).read().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = shard.find(&digest) {
                place.listed().add_uses(n, last);
            }
        }
    }

    /// Ends reading.
    pub(crate) fn close(&self, ticket: &Ticket) {
        self.tickets().close(ticket);
    }

    /// Makes everything stale that a change may concern. When this returns, nobody is answered any more from what was
    /// known before.
    pub(crate) fn forget(&self, subjects: &[Subject]) {
        // On the tickets first: what is being read now may be from before the change.
        self.tickets().touch(subjects);
        for subject in subjects {
            match subject {
                Subject::Secret(digest) => self.forget_secret(digest),
                Subject::Owner(id) => self.owners().forget_owner(id),
                Subject::Organization(id) => self.owners().forget_organization(id),
                Subject::Everything => {
                    // What is new would be taken for nobody's.
                    self.is_complete.store(false, Ordering::Release);
                    self.absent.lock().unwrap_or_else(PoisonError::into_inner).clear();
                    self.owners().forget_all();
                }
                // No verdict depends on it.
                Subject::Gateway(_) => {}
            }
        }
    }

    /// How many secrets are listed.
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    fn forget_secret(&self, digest: &Digest) {
        let is_dropped = self.shard(digest).write().unwrap_or_else(PoisonError::into_inner).forget(digest);
        self.dropped(is_dropped);
        let mut absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = absent.get_mut(place_of(digest)).filter(|place| *place == digest) {
            *place = [0; 32];
        }
    }

    /// With one that had to go the directory is no longer complete, and it was said to be absent no longer.
    fn dropped(&self, is_dropped: bool) {
        if is_dropped {
            self.drops.fetch_add(1, Ordering::AcqRel);
            self.is_complete.store(false, Ordering::Release);
        }
    }

    fn is_noted_absent(&self, digest: &Digest) -> bool {
        let absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.get(place_of(digest)) == Some(digest)
    }

    #[expect(clippy::indexing_slicing, reason = "there are SHARDS of them")]
    fn shard(&self, digest: &Digest) -> &RwLock<Shard> {
        &self.shards[usize::from(digest[0]) % SHARDS]
    }

    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn owners(&self) -> MutexGuard<'_, Owners> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a hash among the absent. Not by the byte that chooses the shard.
fn place_of(digest: &Digest) -> usize {
    let [_, first, second, ..] = digest;
    usize::from(u16::from_le_bytes([*first, *second])) % ABSENT
}
