//! Moves SQLite's log into the database when nobody writes, so that hardly any commit has to do it and a start after a
//! crash finds little to read.

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

    async fn quiet(&self) {
        self.happened.notified().await;
        loop {
            let before = self.count.load(Ordering::Relaxed);
            sleep(QUIET).await;
            if self.count.load(Ordering::Relaxed) == before {
                return;
            }
        }
    }
}

/// The task; ended when dropped.
pub(super) struct Checkpointer(AbortHandle);

impl Checkpointer {
    /// Starts it, with a connection of its own: writers go on meanwhile.
    pub fn start(options: SqliteConnectOptions, commits: Arc<Commits>) -> Self {
        let task = tokio::spawn(async move {
            loop {
                commits.quiet().await;
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
