//! The uses of a secret that are not written yet, in eight bytes beside its entry.

use std::sync::atomic::{AtomicU64, Ordering};

use model::Timestamp;
use model::id::OrganizationId;

use super::Digest;

/// How often a secret was accepted since its uses were last written, and the time of its last use.
#[derive(Debug, Default)]
pub struct Pending(AtomicU64);

/// The uses of one secret that are being written.
#[derive(Debug)]
pub struct PendingUses {
    pub digest: Digest,
    pub key_id: String,
    pub organization: OrganizationId,
    pub n: u32,
    pub last: Timestamp,
}

impl Pending {
    /// Adds uses. If `n` is 0, only the time is recorded. Returns whether there was nothing to be written before.
    pub fn add(&self, n: u32, at: Timestamp) -> bool {
        let seconds = u32::try_from(at.seconds()).unwrap_or_default();
        let add = |packed: u64| {
            let (count, last) = unpack(packed);
            Some(pack(count.saturating_add(n), last.max(seconds)))
        };
        // The function never returns `None`, so the update does not fail.
        self.0.fetch_update(Ordering::AcqRel, Ordering::Relaxed, add).is_ok_and(|before| before == 0)
    }

    /// Takes the count and the time of the last use.
    pub fn take(&self) -> Option<(u32, Timestamp)> {
        let packed = self.0.swap(0, Ordering::AcqRel);
        let (count, last) = unpack(packed);
        (packed != 0).then(|| (count, Timestamp::from_seconds(i64::from(last))))
    }

    /// The time of the last use that is not written yet.
    pub fn last(&self) -> Option<Timestamp> {
        let packed = self.0.load(Ordering::Acquire);
        (packed != 0).then(|| Timestamp::from_seconds(i64::from(unpack(packed).1)))
    }

    pub fn is_empty(&self) -> bool {
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
