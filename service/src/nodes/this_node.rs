//! What a process knows about itself as a node.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use model::id::NodeId;
use store::invalidations::Applied;
use store::nodes::NodeRow;
use tokio::sync::Notify;

use crate::entropy::Entropy;
use crate::error::Result;
use crate::log_throttle::LogThrottle;

/// A reading of the changes whose changes were applied.
#[derive(Debug, Clone)]
pub(crate) struct FeedReading {
    pub applied: Applied,
    /// The monotonic time at which it began.
    pub began_at: u64,
}

/// The nodes as they were read last, and the monotonic time at which that reading began.
pub(super) type ListReading = Option<(u64, Arc<Vec<NodeRow>>)>;

pub(crate) struct ThisNode {
    id: OnceLock<NodeId>,
    /// The monotonic time at which the process started.
    pub started_at: u64,
    latest: Mutex<Option<FeedReading>>,
    /// Wakes the task that writes the row of this node.
    pub has_applied: Notify,
    /// Those who wait for enforcement read the nodes one after another and share what was read.
    pub(super) list: tokio::sync::Mutex<ListReading>,
    pub throttle: LogThrottle,
}

impl ThisNode {
    pub fn new(now: u64) -> Self {
        Self {
            id: OnceLock::new(),
            started_at: now,
            latest: Mutex::default(),
            has_applied: Notify::new(),
            list: tokio::sync::Mutex::default(),
            throttle: LogThrottle::once_a_minute(),
        }
    }

    /// The id, which is made at the first call. It is always random, so that the servers of a test differ as well.
    pub fn id(&self) -> Result<&NodeId> {
        if let Some(id) = self.id.get() {
            return Ok(id);
        }
        let id = NodeId::from_random(&Entropy::system().id()?);
        Ok(self.id.get_or_init(|| id))
    }

    pub fn latest(&self) -> Option<FeedReading> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_latest(&self, reading: FeedReading) {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }
}
