//! Uses that are counted in memory, eight bytes a key, and written behind.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{Key, LastUse};
use model::usage::{Outcome, hour_of};
use store::keys::Use;
use store::usage::Count;

use super::directory::Digest;
use super::origins::Origin;
use crate::crypto::unhex;
use crate::error::Result;
use crate::state::Service;

/// Secrets of one transaction, and of a round on a busy server. Each touches some ten pages of the database, which is a
/// hundred times what verifying it costs; and while their pages are flushed to the disk, about half a millisecond, the
/// processor that does it answers nobody.
pub(crate) const TURN: usize = 32;
/// Secrets of a round while others write, who wait for each flush. Five rounds, within which counts are to be seen, hold
/// more than a thousand.
const BESIDE_WRITES: usize = 256;
/// Secrets of a round on a server that has time to spare.
const ROUND_MAX: usize = 4096;
/// Whoever gives way and gets their turn again within this time, in which four verdicts are told, is not in anybody's way.
const GIVES_WAY: Duration = Duration::from_micros(50);
/// How often they give way: once may have taken long for another reason.
const TRIES: usize = 3;

/// How often a secret was accepted since it was last written, and when last.
#[derive(Debug, Default)]
pub(crate) struct Pending(AtomicU64);

/// Uses of one secret, on their way to the database.
#[derive(Debug)]
pub(crate) struct Uses {
    pub(crate) digest: Digest,
    pub(crate) key_id: String,
    pub(crate) organization: OrganizationId,
    pub(crate) n: u32,
    pub(crate) last: Timestamp,
}

impl Pending {
    /// Adds uses, or with none only notes the time; true if there was nothing to be written before.
    pub(crate) fn add(&self, n: u32, at: Timestamp) -> bool {
        let seconds = u32::try_from(at.seconds()).unwrap_or_default();
        let add = |packed: u64| {
            let (count, last) = unpack(packed);
            Some(pack(count.saturating_add(n), last.max(seconds)))
        };
        // The function never declines.
        self.0.fetch_update(Ordering::AcqRel, Ordering::Relaxed, add).is_ok_and(|before| before == 0)
    }

    /// Takes what was counted.
    pub(crate) fn take(&self) -> Option<(u32, Timestamp)> {
        let packed = self.0.swap(0, Ordering::AcqRel);
        let (count, last) = unpack(packed);
        (packed != 0).then(|| (count, Timestamp::from_seconds(i64::from(last))))
    }

    /// When the last use was that is not written yet.
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
    /// Writes uses that were counted in the directory: a few in any case, more as long as nobody else waits for the
    /// processor, and all of them if nobody else writes. What is left is counted on, takes its turn in the next rounds, and
    /// would be lost in a crash.
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

    /// Writes all of them, so many secrets at a time: before the process ends, when nobody is answered any more.
    pub(crate) async fn write_all_pending(&self, most: usize) -> Result<()> {
        while self.write_some(most).await? > 0 {}
        Ok(())
    }

    /// Shows the last use of a key also if it is not written yet.
    pub(crate) fn show_last_use(&self, key: &mut Key) {
        let Some(digest) = unhex(&key.key_hash) else { return };
        let last = self.directory.count(&digest, |entry| entry.pending.last()).flatten();
        let is_newer = |at: &Timestamp| key.last_use.as_ref().is_none_or(|used| used.at < *at);
        if let Some(at) = last.filter(is_newer) {
            let Origin { address, agent } = self.origins.find(&digest).unwrap_or_default();
            let address = address.map(|address| address.to_string());
            key.last_use = Some(LastUse { at, address, agent });
        }
    }

    async fn write_some(&self, most: usize) -> Result<usize> {
        let taken = self.directory.take_pending(most);
        if taken.is_empty() {
            return Ok(0);
        }
        let written = self.write_taken(&taken).await.map(|()| taken.len());
        if written.is_err() {
            self.directory.put_back(taken);
        }
        written
    }

    async fn write_taken(&self, taken: &[Uses]) -> Result<()> {
        let (mut counts, mut uses) = (Vec::with_capacity(taken.len()), Vec::with_capacity(taken.len()));
        let mut origins = Vec::with_capacity(taken.len());
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
            let origin = self.origins.take(digest).unwrap_or_default();
            let Origin { address, agent } = origin.clone();
            let address = address.map(|address| address.to_string());
            uses.push(Use { hash: *digest, key_id, at: *last, address, agent });
            origins.push((digest, origin));
        }
        let written = async {
            let mut tx = self.store.begin().await?;
            store::keys::record_uses(&mut tx, &uses).await?;
            store::usage::add(&mut tx, &counts, &[]).await?;
            tx.commit().await
        };
        let written = written.await;
        if written.is_err() {
            for (digest, origin) in origins {
                self.origins.put_back(digest, origin);
            }
        }
        Ok(written?)
    }
}

/// Whether others wait for the processor.
#[expect(clippy::disallowed_methods, reason = "how long a turn really takes is what is asked")]
async fn is_busy() -> bool {
    for _ in 0..TRIES {
        let began = Instant::now();
        tokio::task::yield_now().await;
        if began.elapsed() <= GIVES_WAY {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_counted_with_the_latest() {
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
