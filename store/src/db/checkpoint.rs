//! Moves SQLite's log into the database while nobody writes, or every few seconds where somebody always writes. So no commit
//! has much of it to do, and a start after a crash finds little to read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Executor};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::sleep;

/// So long must no commit happen.
const QUIET: Duration = Duration::from_secs(1);
/// After so many times that, commits or not. A commit that had to move a whole log, of 256 MiB, held up everybody who writes for
/// 8 seconds.
const QUIET_AWAITED_MAX: u32 = 5;

/// Commits, as the checkpointer hears of them.
#[derive(Default)]
pub(super) struct Commits {
    count: AtomicU64,
    happened: Notify,
}

impl Commits {
    /// Notes one.
    pub fn note(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.happened.notify_one();
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Waits until there is something to move, and for a moment in which nobody writes; for that not for long.
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

    /// Whether the log is moved after so many waits, before the last of which there were so many commits.
    fn is_due(&self, before: u64, times: u32) -> bool {
        self.count() == before || times >= QUIET_AWAITED_MAX
    }
}

/// The task; ended when dropped.
pub(super) struct Checkpointer(AbortHandle);

impl Checkpointer {
    /// Starts it, with a connection of its own: writers go on meanwhile.
    pub fn start(options: SqliteConnectOptions, commits: Arc<Commits>) -> Self {
        let task = tokio::spawn(async move {
            loop {
                commits.due().await;
                // Should it fail, the log stays and the next one tries again; a commit does it at the latest.
                if let Err(error) = checkpoint(&options).await {
                    tracing::debug!(%error, "The log of the database could not be moved into it.");
                }
            }
        });
        Self(task.abort_handle())
    }
}

async fn checkpoint(options: &SqliteConnectOptions) -> sqlx::Result<()> {
    let mut conn = options.connect().await?;
    conn.execute("PRAGMA wal_checkpoint(PASSIVE)").await?;
    sqlx::Connection::close(conn).await
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_moved_when_nobody_writes_and_when_somebody_always_does() {
        let commits = Commits::default();
        let before = commits.count();
        assert!(commits.is_due(before, 1));
        commits.note();
        assert!((1..QUIET_AWAITED_MAX).all(|times| !commits.is_due(before, times)));
        assert!(commits.is_due(before, QUIET_AWAITED_MAX));
    }
}
