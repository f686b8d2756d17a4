//! Uses that are counted in memory, eight bytes a key, and written behind.

use std::sync::atomic::{AtomicU64, Ordering};

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::usage::{Outcome, hour_of};
use store::keys::Use;
use store::usage::Count;

use super::directory::Digest;
use crate::error::Result;
use crate::state::Service;

/// Keys whose uses are written in one round. With more keys in use each second than this, writing takes its turn, so that
/// it never costs what verifying needs; what waits is counted on, and lost in a crash.
pub(crate) const ROUND_MAX: usize = 2000;

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
    /// Writes uses of some secrets that were counted in the directory.
    pub(crate) async fn write_pending(&self) -> Result<()> {
        self.write_some(ROUND_MAX).await.map(|_| ())
    }

    /// Writes all of them, so many secrets at a time: before the process ends, when nobody is answered any more.
    pub(crate) async fn write_all_pending(&self, most: usize) -> Result<()> {
        while self.write_some(most).await? > 0 {}
        Ok(())
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
            uses.push(Use { hash: *digest, key_id, at: *last, address: None, agent: None });
        }
        let mut tx = self.store.begin().await?;
        store::keys::record_uses(&mut tx, &uses).await?;
        store::usage::add(&mut tx, &counts, &[]).await?;
        Ok(tx.commit().await?)
    }
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
