//! Waits until a change is in effect on every node.
//!
//! A node is counted as enforcing only if its row says that it has applied this very change. Nobody has to be trusted
//! beyond that: the mirrors of a process are valid for 0.9 seconds after the start of a reading of the changes. A
//! reading that missed the change began before its commit. So once 0.9 seconds have passed since the commit, no node
//! uses anything older, whether it has reported or not.

use std::sync::Arc;
use std::time::Duration;

use store::causes;
use store::invalidations::TransactionId;
use store::nodes::NodeRow;
use tokio::time::{Instant, sleep, timeout_at};

use crate::error::Result;
use crate::invalidation_feed::VALID_MILLIS;
use crate::state::Service;

/// Time between two readings of the nodes.
const POLL_INTERVAL: Duration = Duration::from_millis(25);
/// After this time the mirrors of a node that was not heard of are no longer valid. The 50 milliseconds are for clocks
/// that run at different speeds.
const WAIT_MAX: Duration = Duration::from_millis(VALID_MILLIS + 50);
/// Time limit for everything, even if the database does not answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// How many nodes enforce a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enforcement {
    /// The nodes that run, or ended within an hour without saying so.
    pub nodes: usize,
    /// The nodes that have applied the change, among them this one.
    pub enforcing: usize,
    /// The other nodes. They have not said so in time, and use nothing that is older than the change.
    pub silent: usize,
    pub waited: Duration,
}

impl Service {
    /// Waits until all nodes have applied a change that was committed, or cannot use anything older any more. Returns
    /// `None` if the nodes could not be read.
    pub(crate) async fn await_enforcement(&self, change: TransactionId) -> Option<Enforcement> {
        let began = Instant::now();
        if !self.store.is_shared() {
            return Some(Enforcement { nodes: 1, enforcing: 1, silent: 0, waited: Duration::ZERO });
        }
        let mut latest = None;
        loop {
            let is_last = began.elapsed() >= WAIT_MAX;
            match timeout_at(began + ANSWER_WITHIN, self.count_enforcing(change)).await {
                Ok(Ok(counted)) => latest = Some(Enforcement { waited: began.elapsed(), ..counted }),
                Ok(Err(error)) => self.warn_of_unread_nodes(&error),
                Err(_too_late) => return latest,
            }
            if is_last || latest.is_some_and(|counted| counted.silent == 0) {
                return latest;
            }
            sleep(POLL_INTERVAL.min(WAIT_MAX.saturating_sub(began.elapsed()))).await;
        }
    }

    async fn count_enforcing(&self, change: TransactionId) -> Result<Enforcement> {
        let rows = self.read_nodes().await?;
        let this = self.node.id()?;
        let others = || rows.iter().filter(|row| row.node_id != *this);
        let has_applied =
            |row: &&NodeRow| row.applied.as_ref().is_some_and(|applied| applied.includes(change));
        // The commit has applied the change in this process.
        let (nodes, enforcing) = (others().count() + 1, others().filter(has_applied).count() + 1);
        Ok(Enforcement { nodes, enforcing, silent: nodes - enforcing, waited: Duration::ZERO })
    }

    /// Reads the nodes after this call has begun. Callers that wait at the same time share a reading, so that many of
    /// them do not take all connections to the database.
    async fn read_nodes(&self) -> Result<Arc<Vec<NodeRow>>> {
        let called_at = self.clock.monotonic_millis();
        let mut list = self.node.list.lock().await;
        if let Some((began_at, rows)) = &*list
            && *began_at > called_at
        {
            return Ok(Arc::clone(rows));
        }
        let began_at = self.clock.monotonic_millis();
        let rows = Arc::new(store::nodes::list(&mut self.store.read().await?).await?);
        *list = Some((began_at, Arc::clone(&rows)));
        Ok(rows)
    }

    fn warn_of_unread_nodes(&self, error: &crate::error::Error) {
        if let Some(left_out) = self.node.throttle.should_log() {
            tracing::warn!(error = %causes(error), left_out, "the nodes could not be read");
        }
    }
}
