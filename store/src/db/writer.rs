//! The one connection that writes to SQLite, and the group commit on it.
//!
//! Waiting for the disk is what a write costs, so those who write at the same time share it. Each transaction is a
//! savepoint inside one common transaction, the *group*. Whoever is done releases the savepoint, hands the connection to
//! the next in the queue and waits; the first of a group queues up once more, behind those already waiting, commits the
//! group and tells all its members. A lone caller finds the queue empty and pays for exactly one commit.
//!
//! Every step that changes the state of the connection runs in a task of its own: it ends even if the caller goes away,
//! so the state is always known.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Executor, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::{Instant, sleep, timeout_at};

use super::checkpoint::Commits;
use crate::error::is_locked;
use crate::{Error, Result};

/// Longest wait for the connection and for other processes that write.
pub(super) const WAIT_MAX: Duration = Duration::from_secs(5);
/// Pause before another process is asked again to let us write.
const BUSY_PAUSE: Duration = Duration::from_millis(5);

/// The writer, behind a fair lock: who asked first writes first.
pub(super) type SharedWriter = Arc<Mutex<Writer>>;
type Guard = OwnedMutexGuard<Writer>;

/// The connection that writes.
pub(super) struct Writer {
    options: SqliteConnectOptions,
    conn: Option<SqliteConnection>,
    /// Members that are done and wait for the group's commit; nothing when no transaction is open.
    group: Option<Vec<oneshot::Sender<Result<()>>>>,
    /// A member went away and what it did is not undone yet.
    is_left_open: bool,
    is_closed: bool,
    commits: Arc<Commits>,
}

impl Writer {
    /// Connects, and waits for another process that opens the same new file: SQLite itself makes nobody wait for the
    /// change of the journal's mode.
    pub async fn connect(options: SqliteConnectOptions) -> sqlx::Result<Self> {
        let deadline = Instant::now() + WAIT_MAX;
        let conn = loop {
            match options.connect().await {
                Err(error) if is_locked(&error) && Instant::now() < deadline => sleep(BUSY_PAUSE).await,
                outcome => break outcome?,
            }
        };
        Ok(Self {
            options,
            conn: Some(conn),
            group: None,
            is_left_open: false,
            is_closed: false,
            commits: Arc::default(),
        })
    }

    /// Where commits are noted.
    pub fn commits(&self) -> Arc<Commits> {
        self.commits.clone()
    }

    /// The connection, with no transaction open on it.
    pub async fn idle(&mut self) -> Result<&mut SqliteConnection> {
        self.flush().await;
        self.connected().await
    }

    /// Commits what is waiting and closes the connection for good.
    pub async fn close(&mut self) {
        self.flush().await;
        self.is_closed = true;
        if let Some(mut conn) = self.conn.take() {
            // Nothing is lost if the log stays: the next start reads it.
            let _ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
            let _ = sqlx::Connection::close(conn).await;
        }
    }

    async fn connected(&mut self) -> Result<&mut SqliteConnection> {
        if self.is_closed {
            return Err(Error::closed());
        }
        let conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.options.connect().await?,
        };
        Ok(self.conn.insert(conn))
    }

    async fn execute(&mut self, sql: &'static str) -> Result<()> {
        let outcome = self.connected().await?.execute(sql).await;
        if matches!(outcome, Err(sqlx::Error::WorkerCrashed)) {
            self.conn = None;
        }
        outcome.map(|_| ()).map_err(Error::from)
    }

    /// Opens a savepoint, and the group's transaction if there is none.
    async fn open(&mut self, deadline: Instant) -> Result<()> {
        if self.is_left_open {
            self.abandon(None).await;
        }
        if self.group.is_none() {
            self.begin(deadline).await?;
            self.group = Some(Vec::new());
        }
        let opened = self.execute("SAVEPOINT member").await;
        if let Err(error) = &opened {
            self.fail(error).await;
        }
        opened
    }

    /// Takes the database's write lock; another process, such as the command line, may hold it for a while.
    async fn begin(&mut self, deadline: Instant) -> Result<()> {
        loop {
            match self.execute("BEGIN IMMEDIATE").await {
                Err(error) if error.is_unavailable() && !self.is_closed && Instant::now() < deadline => {
                    sleep(BUSY_PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Commits the group and tells its members.
    async fn flush(&mut self) {
        if self.is_left_open {
            self.abandon(None).await;
        }
        let Some(members) = self.group.take() else { return };
        let outcome = self.execute("COMMIT").await;
        if outcome.is_err() {
            self.clean().await;
        }
        for member in members {
            // Whoever stopped waiting does not want to know.
            let _ = member.send(outcome.clone());
        }
        self.commits.note();
    }

    /// Gives the whole group up: nobody in it is told that anything was kept.
    async fn fail(&mut self, error: &Error) {
        let members = self.group.take().unwrap_or_default();
        self.clean().await;
        for member in members {
            let _ = member.send(Err(error.clone()));
        }
    }

    /// Leaves no transaction open. A connection that cannot even roll back is replaced.
    async fn clean(&mut self) {
        let Some(conn) = &mut self.conn else { return };
        let is_clean = match conn.execute("ROLLBACK").await {
            Ok(_) => true,
            // A full disk and the like: SQLite has rolled back by itself.
            Err(sqlx::Error::Database(error)) => error.message().contains("no transaction is active"),
            Err(_) => false,
        };
        if !is_clean {
            self.conn = None;
        }
    }

    /// Undoes what the member did that holds the connection. If that is impossible the whole group has gone.
    async fn abandon(&mut self, cause: Option<Error>) {
        self.is_left_open = false;
        let undone = self.execute("ROLLBACK TO member; RELEASE member").await;
        match (undone, &self.group) {
            (Err(error), _) => self.fail(&cause.unwrap_or(error)).await,
            (Ok(()), Some(members)) if members.is_empty() => {
                // Nobody is going to commit this group.
                self.group = None;
                self.clean().await;
            }
            (Ok(()), _) => {}
        }
    }
}

/// One transaction: a savepoint inside the group, and the connection until it is done.
pub(super) struct Member {
    /// Taken by commit and drop only.
    guard: Option<Guard>,
    cause: Option<Error>,
}

impl Member {
    /// Waits for the turn and opens a savepoint.
    pub async fn begin(writer: &SharedWriter) -> Result<Self> {
        let deadline = Instant::now() + WAIT_MAX;
        let turn = timeout_at(deadline, writer.clone().lock_owned()).await;
        let mut guard = turn.map_err(|_| Error::timed_out())?;
        let opening = tokio::spawn(async move {
            guard.open(deadline).await?;
            Ok(Self { guard: Some(guard), cause: None })
        });
        opening.await.map_err(|_| Error::closed())?
    }

    /// The connection.
    #[expect(
        clippy::expect_used,
        reason = "opening connected it; only commit and drop, which end this, take the guard"
    )]
    pub fn conn(&mut self) -> &mut SqliteConnection {
        self.guard.as_mut().and_then(|writer| writer.conn.as_mut()).expect("a member has the connection")
    }

    /// Keeps why a statement failed: if it takes the whole group down, the others are told.
    pub fn failed(&mut self, error: &Error) {
        self.cause.get_or_insert_with(|| error.clone());
    }

    /// Waits until the group is on disk.
    pub async fn commit(mut self) -> Result<()> {
        let Some(guard) = self.guard.take() else { return Err(Error::closed()) };
        let (answer, answered) = oneshot::channel();
        tokio::spawn(release(guard, answer));
        answered.await.unwrap_or_else(|_| Err(Error::closed()))
    }
}

/// Ends a member's part. The first of a group then queues up to commit it.
async fn release(mut guard: Guard, answer: oneshot::Sender<Result<()>>) {
    if let Err(error) = guard.execute("RELEASE member").await {
        guard.fail(&error).await;
        let _ = answer.send(Err(error));
        return;
    }
    let members = guard.group.get_or_insert_default();
    members.push(answer);
    if members.len() == 1 {
        let writer = OwnedMutexGuard::mutex(&guard).clone();
        drop(guard);
        writer.lock().await.flush().await;
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let cause = self.cause.take();
        let Some(mut guard) = self.guard.take() else { return };
        // Should the task not get to run, because the runtime ends, whoever comes next does its work.
        guard.is_left_open = true;
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { guard.abandon(cause).await });
        }
    }
}
