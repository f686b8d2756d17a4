//! Writes the row of this node: once a second, and as soon as it has applied changes of others.

use std::time::Duration;

use store::causes;
use store::nodes::NodeReport;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::error::Result;
use crate::state::Service;

/// Time between two writes of the row if there is nothing new.
const EVERY: Duration = Duration::from_secs(1);
/// The least time between two writes.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a process that begins to read the changes waits until its row is written.
const REGISTER_WITHIN: Duration = Duration::from_secs(1);
/// A row that was not written for an hour is removed.
const ROW_KEPT_MICROS: i64 = 3_600_000_000;

impl Service {
    /// Writes the row of this node until it is told to stop. It runs beside the task that reads the changes, because
    /// the mirrors would not be valid while a slow write holds that task up.
    pub(crate) async fn report_node(self, mut stopped: watch::Receiver<bool>) {
        if !self.store.is_shared() {
            return;
        }
        loop {
            let written = self.write_node().await;
            self.warn_if_not_written(written);
            if timeout(PAUSE, stopped.changed()).await.is_ok() {
                break;
            }
            let woken = timeout(EVERY.saturating_sub(PAUSE), self.node.has_applied.notified());
            tokio::select! {
                _ = stopped.changed() => break,
                _ = woken => {}
            }
        }
    }

    /// Writes the row before this process reads the changes for the first time, or for the first time after a long
    /// pause. Whoever revokes a key and does not find the row then knows that this process has yet to read the change.
    ///
    /// If that fails, the mirrors are used nevertheless.
    pub(crate) async fn register_node(&self) {
        if self.store.is_shared() {
            let written = timeout(REGISTER_WITHIN, self.write_node()).await;
            self.warn_if_not_written(written.unwrap_or(Ok(())));
        }
    }

    fn warn_if_not_written(&self, written: Result<()>) {
        if let Err(error) = written
            && let Some(left_out) = self.node.throttle.should_log()
        {
            tracing::warn!(
                error = %causes(&error),
                left_out,
                "this server could not write that it is running; others show it as silent until it can"
            );
        }
    }

    pub(crate) async fn write_node(&self) -> Result<()> {
        let now = self.clock.monotonic_millis();
        let micros_since =
            |at: u64| i64::try_from(now.saturating_sub(at).saturating_mul(1000)).unwrap_or(i64::MAX);
        let latest = self.node.latest();
        let report = NodeReport {
            node_id: self.node.id()?,
            name: &self.node_name,
            version: env!("CARGO_PKG_VERSION"),
            uptime: micros_since(self.node.started_at),
            reading: latest.as_ref().map(|reading| (micros_since(reading.began_at), &reading.applied)),
        };
        let mut tx = self.store.begin().await?;
        store::nodes::write(&mut tx, &report).await?;
        Ok(tx.commit().await?)
    }

    /// Removes the row of this node when it stops. From then on nobody waits for this process, so it must not use its
    /// mirrors any more.
    pub(crate) async fn remove_node(&self) -> Result<()> {
        if !self.store.is_shared() {
            return Ok(());
        }
        self.mirrors.set_valid_until(0);
        let mut tx = self.store.begin().await?;
        store::nodes::remove(&mut tx, self.node.id()?).await?;
        Ok(tx.commit().await?)
    }

    /// Removes the rows of nodes that ended without removing them.
    pub(crate) async fn sweep_nodes(&self) -> Result<()> {
        if !self.store.is_shared() {
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        store::nodes::sweep(&mut tx, ROW_KEPT_MICROS).await?;
        Ok(tx.commit().await?)
    }
}
