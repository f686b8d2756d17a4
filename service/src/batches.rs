//! Runs background work in batches, so that other writers need not wait long.

use std::time::Duration;

use store::causes;
use tokio::sync::{Notify, watch};

use crate::clock::Clock;
use crate::error::Result;

/// Minimum and maximum pause after a batch.
const PAUSE_MILLIS: std::ops::RangeInclusive<u64> = 1..=1000;
/// Pause after a batch that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Work that a background task does in batches.
pub(crate) struct Batches<'a> {
    pub(crate) clock: &'a Clock,
    /// Time between two checks for work while there is none.
    pub(crate) poll_interval: Duration,
    /// Notified when there is new work.
    pub(crate) wake: &'a Notify,
    /// What the log says when a batch fails.
    pub(crate) failure: &'static str,
}

impl Batches<'_> {
    /// Calls `batch` until the task is told to stop. `batch` returns false if there is nothing left to do. After each
    /// batch, the task pauses for as long as the batch took, but at most for a second, so that other writers get about
    /// half of the time. A batch that failed is tried again.
    pub(crate) async fn run<F>(&self, mut stopped: watch::Receiver<bool>, batch: impl Fn() -> F)
    where
        F: Future<Output = Result<bool>>,
    {
        loop {
            let started = self.clock.monotonic_millis();
            let (pause, may_be_woken) = match batch().await {
                Ok(true) => {
                    let took = self.clock.monotonic_millis().saturating_sub(started);
                    (Duration::from_millis(took.clamp(*PAUSE_MILLIS.start(), *PAUSE_MILLIS.end())), false)
                }
                Ok(false) => (self.poll_interval, true),
                Err(error) => {
                    tracing::warn!(error = %causes(&error), "{}", self.failure);
                    (AFTER_FAILURE, true)
                }
            };
            tokio::select! {
                _ = stopped.changed() => break,
                () = self.wake.notified(), if may_be_woken => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
