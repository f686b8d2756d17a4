//! Moves SQLite's write-ahead log into the database while there are no writes, or every few seconds if the writes never
//! pause. This keeps the log small, so that no commit has to move a large log and a start after a crash has little to
//! read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Executor};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::causes;

/// A period of this length without commits counts as quiet.
const QUIET: Duration = Duration::from_secs(1);
/// After this many periods the log is moved even if there were commits. A commit that had to move an entire log of 256
/// MiB blocked all writers for 8 seconds.
const QUIET_WAIT_MAX: u32 = 5;

/// Counts commits for the checkpointer.
#[derive(Default)]
pub(super) struct Commits {
    count: AtomicU64,
    happened: Notify,
}

impl Commits {
    pub fn record(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.happened.notify_one();
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Waits for the next commit, and then for a quiet period, but for at most [`QUIET_WAIT_MAX`] periods.
    async fn due(&self) {
        self.happened.notified().await;
        for times in 1.. {
            let before = self.count();
            sleep(QUIET).await;
            if self.is_due(before, times) {
                return;
            }
        }
    }

    /// Whether to move the log after `times` periods. `before` is the number of commits before the last period.
    fn is_due(&self, before: u64, times: u32) -> bool {
        self.count() == before || times >= QUIET_WAIT_MAX
    }
}

/// The background task. It ends when this is dropped.
pub(super) struct Checkpointer {
    stop: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Checkpointer {
    /// Starts the task. It has its own connection, so that writers are not blocked.
    pub fn start(options: SqliteConnectOptions, commits: Arc<Commits>) -> Self {
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = commits.due() => {}
                    () = stopped.notified() => return,
                }
                // If a checkpoint fails, the log remains and the next checkpoint tries again. At the latest, a commit
                // does the work.
                if let Err(error) = checkpoint(&options).await {
                    tracing::debug!(error = %causes(&error), "the write-ahead log could not be moved into the database");
                }
            }
        });
        Self { stop, task }
    }

    /// Waits until the connection of a checkpoint that has begun is closed.
    pub async fn stop(mut self) {
        self.stop.notify_one();
        // An error means that it panicked, and the panic is logged.
        let _ = (&mut self.task).await;
    }
}

async fn checkpoint(options: &SqliteConnectOptions) -> sqlx::Result<()> {
    let mut conn = options.connect().await?;
    conn.execute("PRAGMA wal_checkpoint(PASSIVE)").await?;
    sqlx::Connection::close(conn).await
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_checkpointed_both_when_idle_and_under_constant_writes() {
        let commits = Commits::default();
        let before = commits.count();
        assert!(commits.is_due(before, 1));
        commits.record();
        assert!((1..QUIET_WAIT_MAX).all(|times| !commits.is_due(before, times)));
        assert!(commits.is_due(before, QUIET_WAIT_MAX));
    }
}
