//! Counts uses in memory, in eight bytes for each key, and writes them later.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{Key, LastUse};
use model::usage::{Outcome, hour_of};
use store::keys::Use;
use store::usage::Count;

use super::client_info::ClientInfo;
use super::key_cache::Digest;
use crate::crypto::unhex;
use crate::error::Result;
use crate::state::Service;

/// Number of secrets in one transaction, and in one round on a busy server. Writing a secret touches about ten pages of
/// the database, which costs a hundred times as much as verifying it. While the pages are flushed to disk, for about
/// half a millisecond, the processor that does it answers no requests.
pub(crate) const TURN: usize = 32;
/// Number of secrets in a round while other transactions write, because those wait for each flush. Counts are to be
/// visible within five rounds, which write more than a thousand secrets.
const BESIDE_WRITES: usize = 256;
/// Number of secrets in a round on a server that is not busy.
const ROUND_MAX: usize = 4096;
/// If a task that yields continues within this time, no other task needs the processor. Four verdicts take about as
/// long.
const YIELD_TIME_MAX: Duration = Duration::from_micros(50);
/// Number of times to yield. A single slow return may have another cause.
const TRIES: usize = 3;

/// How often a secret was accepted since its uses were last written, and the time of its last use.
#[derive(Debug, Default)]
pub(crate) struct Pending(AtomicU64);

/// The uses of one secret that are being written.
#[derive(Debug)]
pub(crate) struct Uses {
    pub(crate) digest: Digest,
    pub(crate) key_id: String,
    pub(crate) organization: OrganizationId,
    pub(crate) n: u32,
    pub(crate) last: Timestamp,
}

impl Pending {
    /// Adds uses. If `n` is 0, only the time is recorded. Returns whether there was nothing to be written before.
    pub(crate) fn add(&self, n: u32, at: Timestamp) -> bool {
        let seconds = u32::try_from(at.seconds()).unwrap_or_default();
        let add = |packed: u64| {
            let (count, last) = unpack(packed);
            Some(pack(count.saturating_add(n), last.max(seconds)))
        };
        // The function never returns `None`, so the update does not fail.
        self.0.fetch_update(Ordering::AcqRel, Ordering::Relaxed, add).is_ok_and(|before| before == 0)
    }

    /// Takes the count and the time of the last use.
    pub(crate) fn take(&self) -> Option<(u32, Timestamp)> {
        let packed = self.0.swap(0, Ordering::AcqRel);
        let (count, last) = unpack(packed);
        (packed != 0).then(|| (count, Timestamp::from_seconds(i64::from(last))))
    }

    /// The time of the last use that is not written yet.
    fn last(&self) -> Option<Timestamp> {
        let packed = self.0.load(Ordering::Acquire);
        (packed != 0).then(|| Timestamp::from_seconds(i64::from(unpack(packed).1)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }
}

fn pack(count: u32, seconds: u32) -> u64 {
    u64::from(count) << 32 | u64::from(seconds)
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are taken apart")]
fn unpack(packed: u64) -> (u32, u32) {
    ((packed >> 32) as u32, packed as u32)
}

impl Service {
    /// Writes uses that were counted in the key cache. It always writes a few, more as long as no other task waits for
    /// the processor, and up to [`ROUND_MAX`] secrets if nobody else writes. The rest stays counted and is written in
    /// the next rounds, but would be lost in a crash.
    pub(crate) async fn write_pending(&self) -> Result<()> {
        let mut written = 0;
        while written < ROUND_MAX {
            let begun = self.store.begun();
            let n = self.write_some(TURN).await?;
            written += n;
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
        while self.write_some(most).await? > 0 {}
        Ok(())
    }

    /// Sets the last use of a key to one that is not written yet, if that is newer.
    pub(crate) fn show_last_use(&self, key: &mut Key) {
        let Some(digest) = unhex(&key.key_hash) else { return };
        let last = self.key_cache.count(&digest, |entry| entry.pending.last()).flatten();
        let is_newer = |at: &Timestamp| key.last_use.as_ref().is_none_or(|used| used.at < *at);
        if let Some(at) = last.filter(is_newer) {
            let ClientInfo { address, agent } = self.client_info.find(&digest).unwrap_or_default();
            let address = address.map(|address| address.to_string());
            key.last_use = Some(LastUse { at, address, agent });
        }
    }

    async fn write_some(&self, most: usize) -> Result<usize> {
        let taken = self.key_cache.take_pending(most);
        if taken.is_empty() {
            return Ok(0);
        }
        let written = self.write_taken(&taken).await.map(|()| taken.len());
        if written.is_err() {
            self.key_cache.put_back(taken);
        }
        written
    }

    async fn write_taken(&self, taken: &[Uses]) -> Result<()> {
        let (mut counts, mut uses) = (Vec::with_capacity(taken.len()), Vec::with_capacity(taken.len()));
        let mut taken_info = Vec::with_capacity(taken.len());
        for Uses { digest, key_id, organization, n, last } in taken {
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
            let client_info = self.client_info.take(digest).unwrap_or_default();
            let ClientInfo { address, agent } = client_info.clone();
            let address = address.map(|address| address.to_string());
            uses.push(Use { hash: *digest, key_id, at: *last, address, agent });
            taken_info.push((digest, client_info));
        }
        let written = async {
            let mut tx = self.store.begin().await?;
            store::keys::record_uses(&mut tx, &uses).await?;
            store::usage::add(&mut tx, &counts, &[]).await?;
            tx.commit().await
        };
        let written = written.await;
        if written.is_err() {
            for (digest, client_info) in taken_info {
                self.client_info.put_back(digest, client_info);
            }
        }
        Ok(written?)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_counted_with_their_latest_time() {
        let pending = Pending::default();
        assert!(pending.is_empty() && pending.take().is_none());
        assert!(pending.add(1, Timestamp::from_seconds(20)));
        assert!(!pending.add(1, Timestamp::from_seconds(10)));
        assert_eq!(pending.take(), Some((2, Timestamp::from_seconds(20))));
        assert!(pending.is_empty() && pending.add(0, Timestamp::from_seconds(5)));
        assert!(!pending.is_empty() && !pending.add(0, Timestamp::from_seconds(6)));
        assert_eq!(pending.take(), Some((0, Timestamp::from_seconds(6))));
    }
}
