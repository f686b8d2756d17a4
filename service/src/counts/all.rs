//! All counts of a service.

use std::sync::atomic::{AtomicU64, Ordering};

use store::counts::Histogram;

use super::queues::QueueCounts;
use super::{BackupCounts, SignInCounts, VerificationCounts};

/// The counts of one service.
pub struct Counts {
    pub verifications: VerificationCounts,
    pub sign_ins: SignInCounts,
    pub backups: BackupCounts,
    /// Time from the previous look at the changes in the database to the moment when the changes that a look found had
    /// been applied.
    pub feed_lags: Histogram,
    pub(crate) queues: QueueCounts,
    cache_misses: AtomicU64,
    /// The monotonic time at which the service was created.
    pub(super) started_at: u64,
}

impl Counts {
    pub(crate) fn new(now: u64) -> Self {
        Self {
            verifications: VerificationCounts::default(),
            sign_ins: SignInCounts::default(),
            backups: BackupCounts::default(),
            feed_lags: Histogram::of_durations(),
            queues: QueueCounts::new(now),
            cache_misses: AtomicU64::new(0),
            started_at: now,
        }
    }

    /// Verifications for which the key cache had no answer, so that the database was asked.
    pub fn cache_misses(&self) -> u64 {
        self.cache_misses.load(Ordering::Relaxed)
    }

    pub(crate) fn count_cache_miss(&self) {
        self.cache_misses.fetch_add(1, Ordering::Relaxed);
    }
}
