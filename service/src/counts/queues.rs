//! How the queues of what is written behind are doing.

use std::array;
use std::sync::atomic::{AtomicU64, Ordering};

/// A queue of items to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    LastUses,
    UsageCounts,
    VerifiedUses,
    GatewayActivity,
    FailedSignIns,
}

impl Queue {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::LastUses => "last_uses",
            Self::UsageCounts => "usage_counts",
            Self::VerifiedUses => "verified_uses",
            Self::GatewayActivity => "gateway_activity",
            Self::FailedSignIns => "failed_sign_ins",
        }
    }
}

/// Number of queues.
const QUEUES: usize = Queue::FailedSignIns as usize + 1;

/// The counts of all queues.
pub(crate) struct QueueCounts([QueueCount; QUEUES]);

struct QueueCount {
    /// The monotonic time before which everything has been written.
    written_at: AtomicU64,
    /// Items that the database refused for one of their values.
    refused: AtomicU64,
}

impl QueueCounts {
    pub(super) fn new(now: u64) -> Self {
        Self(array::from_fn(|_| QueueCount { written_at: now.into(), refused: AtomicU64::new(0) }))
    }

    /// Records that everything that was in a queue at the time `since` has been written.
    pub(crate) fn written(&self, queue: Queue, since: u64) {
        self.of(queue).written_at.fetch_max(since, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self, queue: Queue) {
        self.of(queue).refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn written_at(&self, queue: Queue) -> u64 {
        self.of(queue).written_at.load(Ordering::Relaxed)
    }

    pub(super) fn refused_count(&self, queue: Queue) -> u64 {
        self.of(queue).refused.load(Ordering::Relaxed)
    }

    #[expect(clippy::indexing_slicing, reason = "there is one for each queue")]
    fn of(&self, queue: Queue) -> &QueueCount {
        &self.0[queue as usize]
    }
}
