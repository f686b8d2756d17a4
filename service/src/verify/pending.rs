//! Writes the uses that are counted in the key cache.

use std::time::{Duration, Instant};

use model::Timestamp;
use model::id::KeyId;
use model::key::{Key, LastUse};
use model::usage::{Outcome, hour_of};
use store::Tx;
use store::keys::Use;
use store::usage::Count;

use super::client_info::{ClientInfo, ClientInfoLog};
use crate::counts::Queue;
use crate::crypto::unhex;
use crate::error::Result;
use crate::key_cache::PendingUses;
use crate::mirrors::KeyCache;
use crate::state::Service;
use crate::write_behind::WriteBehind;

/// Number of secrets in one transaction, and in one round on a busy server. Writing a secret touches about ten pages of
/// the database, which costs a hundred times as much as verifying it. While the pages are flushed to disk, for about
/// half a millisecond, the processor that does it answers no requests.
pub(crate) const TURN: usize = 32;
/// Number of secrets in a round while other transactions write, because those wait for each flush. Counts are to be
/// visible within five rounds, which write more than a thousand secrets.
const BESIDE_WRITES: usize = 256;
/// Number of secrets in a round on a server that is not busy.
const ROUND_MAX: usize = 4096;
/// If a task that yields continues within this time, no other task needs the processor. Answering four verifications
/// takes about as long.
const YIELD_TIME_MAX: Duration = Duration::from_micros(50);
/// Number of times to yield. A single slow return may have another cause.
const TRIES: usize = 3;

impl Service {
    /// Writes uses that were counted in the key cache. It always writes a few, more as long as no other task waits for
    /// the processor, and up to [`ROUND_MAX`] secrets if there are no other writers. The rest stays counted and is
    /// written in the next rounds, but would be lost in a crash.
    pub(crate) async fn write_pending(&self) -> Result<()> {
        let (started, mut written) = (self.clock.monotonic_millis(), 0);
        while written < ROUND_MAX {
            let begun = self.store.begun();
            let n = self.write_batch(&self.verified_uses(), TURN).await?;
            written += n;
            if n < TURN {
                self.counts.queues.written(Queue::VerifiedUses, started);
            }
            let others_write = self.store.begun() != begun.wrapping_add(1);
            if n < TURN || (others_write && written >= BESIDE_WRITES) || is_busy().await {
                break;
            }
        }
        Ok(())
    }

    /// Writes all uses, of at most `most` secrets in a transaction. Called before the process ends, when it answers no
    /// more requests.
    pub(crate) async fn write_all_pending(&self, most: usize) -> Result<()> {
        self.write_up_to(&self.verified_uses(), most, usize::MAX).await
    }

    /// Sets the last use of a key to one that is not written yet, if that is newer.
    pub(crate) fn show_last_use(&self, key: &mut Key) {
        let Some(digest) = unhex(&key.key_hash) else { return };
        let last = self.mirrors.key_cache.count(&digest, |entry| entry.pending.last()).flatten();
        let is_newer = |at: &Timestamp| key.last_use.as_ref().is_none_or(|used| used.at < *at);
        if let Some(at) = last.filter(is_newer) {
            let ClientInfo { address, agent } = self.client_info.find(&digest).unwrap_or_default();
            let address = address.map(|address| address.to_string());
            key.last_use = Some(LastUse { at, address, agent });
        }
    }

    fn verified_uses(&self) -> VerifiedUses<'_> {
        VerifiedUses { key_cache: &self.mirrors.key_cache, client_info: &self.client_info }
    }
}

/// The uses that are counted in the key cache, with their client info.
struct VerifiedUses<'a> {
    key_cache: &'a KeyCache,
    client_info: &'a ClientInfoLog,
}

impl WriteBehind for VerifiedUses<'_> {
    type Item = (PendingUses, ClientInfo);

    const QUEUE: Queue = Queue::VerifiedUses;

    fn take(&self, most: usize) -> Vec<Self::Item> {
        let with_client_info = |uses: PendingUses| {
            let client_info = self.client_info.take(&uses.digest).unwrap_or_default();
            (uses, client_info)
        };
        self.key_cache.take_pending(most).into_iter().map(with_client_info).collect()
    }

    fn put_back(&self, unwritten: Vec<Self::Item>) {
        let uses = unwritten.into_iter().map(|(uses, client_info)| {
            if client_info != ClientInfo::default() {
                self.client_info.put_back(uses.digest, client_info);
            }
            uses
        });
        self.key_cache.put_back(uses.collect());
    }

    async fn write(&self, tx: &mut Tx, batch: &[Self::Item]) -> Result<()> {
        let (mut counts, mut uses) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
        for (PendingUses { digest, key_id, organization, n, last }, client_info) in batch {
            let Ok(key_id) = KeyId::parse(key_id) else { continue };
            if *n > 0 {
                counts.push(Count {
                    key_id: key_id.clone(),
                    organization_id: organization.clone(),
                    hour: hour_of(*last),
                    outcome: Outcome::Valid,
                    n: u64::from(*n),
                });
            }
            let ClientInfo { address, agent } = client_info.clone();
            let address = address.map(|address| address.to_string());
            uses.push(Use { hash: *digest, key_id, at: *last, address, agent });
        }
        store::keys::record_uses(tx, &uses).await?;
        Ok(store::usage::add(tx, &counts, &[]).await?)
    }
}

/// Whether other tasks wait for the processor.
#[expect(clippy::disallowed_methods, reason = "the real duration of a turn is needed")]
async fn is_busy() -> bool {
    for _ in 0..TRIES {
        let began = Instant::now();
        tokio::task::yield_now().await;
        if began.elapsed() <= YIELD_TIME_MAX {
            return false;
        }
    }
    true
}
