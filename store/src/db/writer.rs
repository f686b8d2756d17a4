//! The single connection that writes to SQLite, and its group commit.
//!
//! Waiting for the disk is the main cost of a write, so concurrent writers share it. Each transaction is a savepoint
//! inside one common transaction, the *group*. A writer that is done releases its savepoint, passes the connection to
//! the next in the queue and waits. The first writer of a group queues up again, behind all that are already waiting,
//! commits the group and informs its members. If there is only one writer, the queue is empty and the cost is exactly
//! one commit.
//!
//! Every step that changes the state of the connection runs in a task of its own. It completes even if the caller goes
//! away, so that the state is always known.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Executor, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::{Instant, sleep, timeout_at};

use super::checkpoint::Commits;
use crate::counts::DatabaseCounts;
use crate::error::is_locked;
use crate::{Error, Result};

/// How long SQLite itself waits for another process. It is short because the writer retries, and can give up in
/// between.
pub(super) const BUSY_WAIT: Duration = Duration::from_millis(200);
/// The longest wait for the connection and for other processes that write. On PostgreSQL, it is the longest wait for a
/// connection and for the answer to a statement.
pub(super) const WAIT_MAX: Duration = Duration::from_secs(5);
/// How long to wait before retrying while another process holds the write lock.
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// How often to try to end the log when the database is closed, and the pause between two tries.
const CLOSING_TRIES: u32 = 5;
const CLOSING_PAUSE: Duration = Duration::from_millis(20);

/// The writer, behind a fair lock that is granted in the order of requests.
pub(super) type SharedWriter = Arc<Mutex<Writer>>;
type Guard = OwnedMutexGuard<Writer>;

/// The connection that writes.
pub(super) struct Writer {
    options: SqliteConnectOptions,
    conn: Option<SqliteConnection>,
    /// The members that are done and wait for the commit. `None` if no transaction is open.
    group: Option<Vec<oneshot::Sender<Result<()>>>>,
    /// Whether a member was dropped and its changes have not been undone yet.
    is_left_open: bool,
    is_closed: bool,
    commits: Arc<Commits>,
    counts: Arc<DatabaseCounts>,
}

impl Writer {
    /// Connects. If another process opens the same new file, this waits for it, because SQLite does not wait by itself
    /// while another process changes the journal mode.
    pub async fn connect(options: SqliteConnectOptions, counts: Arc<DatabaseCounts>) -> sqlx::Result<Self> {
        let deadline = Instant::now() + WAIT_MAX;
        let conn = loop {
            match options.connect().await {
                Err(error) if is_locked(&error) && Instant::now() < deadline => sleep(BUSY_PAUSE).await,
                outcome => break outcome?,
            }
        };
        Ok(Self { conn: Some(conn), ..Self::unconnected(options, counts) })
    }

    /// A writer that connects when somebody wants to write.
    pub fn unconnected(options: SqliteConnectOptions, counts: Arc<DatabaseCounts>) -> Self {
        Self {
            options,
            conn: None,
            group: None,
            is_left_open: false,
            is_closed: false,
            commits: Arc::default(),
            counts,
        }
    }

    /// The counter of commits, for the checkpointer.
    pub fn commits(&self) -> Arc<Commits> {
        self.commits.clone()
    }

    /// The connection, with no open transaction.
    pub async fn idle(&mut self) -> Result<&mut SqliteConnection> {
        self.flush().await;
        self.connected().await
    }

    /// Commits the open group and closes the connection for good.
    pub async fn close(&mut self) {
        self.flush().await;
        self.is_closed = true;
        if let Some(mut conn) = self.conn.take() {
            // If this fails, nothing is lost: the next start reads the log.
            let _ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
            end_log(&mut conn).await;
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

    /// Opens a savepoint. Begins a new group if there is none.
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

    /// Takes the database's write lock. Another process, such as the command line, may hold it for a while.
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

    /// Commits the group and informs its members.
    async fn flush(&mut self) {
        if self.is_left_open {
            self.abandon(None).await;
        }
        let Some(members) = self.group.take() else { return };
        let outcome = self.execute("COMMIT").await;
        if outcome.is_err() {
            self.clean().await;
        } else {
            self.counts.group_sizes.record(u64::try_from(members.len()).unwrap_or(u64::MAX));
        }
        for member in members {
            // An error means that the member has stopped waiting.
            let _ = member.send(outcome.clone());
        }
        self.commits.record();
    }

    /// Aborts the whole group and reports the error to all its members.
    async fn fail(&mut self, error: &Error) {
        let members = self.group.take().unwrap_or_default();
        self.clean().await;
        for member in members {
            let _ = member.send(Err(error.clone()));
        }
    }

    /// Ends the open transaction. Replaces the connection if it cannot even roll back.
    async fn clean(&mut self) {
        let Some(conn) = &mut self.conn else { return };
        let is_clean = match conn.execute("ROLLBACK").await {
            Ok(_) => true,
            // SQLite has already rolled back by itself, for example because the disk is full.
            Err(sqlx::Error::Database(error)) => error.message().contains("no transaction is active"),
            Err(_) => false,
        };
        if !is_clean {
            self.conn = None;
        }
    }

    /// Undoes the changes of the member that holds the connection. If that is impossible, the whole group is aborted.
    async fn abandon(&mut self, cause: Option<Error>) {
        self.is_left_open = false;
        let undone = self.execute("ROLLBACK TO member; RELEASE member").await;
        match (undone, &self.group) {
            (Err(error), _) => self.fail(&cause.unwrap_or(error)).await,
            (Ok(()), Some(members)) if members.is_empty() => {
                // The group has no other member that would commit it.
                self.group = None;
                self.clean().await;
            }
            (Ok(()), _) => {}
        }
    }
}

/// One transaction: a savepoint inside the group. It holds the connection until it ends.
pub(super) struct Savepoint {
    /// `None` only after commit or drop.
    guard: Option<Guard>,
    cause: Option<Error>,
}

impl Savepoint {
    /// Waits for the connection and opens a savepoint.
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

    #[expect(
        clippy::expect_used,
        reason = "opening connected it; only commit and drop, which end this, take the guard"
    )]
    pub fn conn(&mut self) -> &mut SqliteConnection {
        self.guard.as_mut().and_then(|writer| writer.conn.as_mut()).expect("a member has the connection")
    }

    /// Remembers why a statement failed. If the whole group has to be aborted, the other members receive this error.
    pub fn failed(&mut self, error: &Error) {
        self.cause.get_or_insert_with(|| error.clone());
    }

    /// Returns once the group is durable.
    pub async fn commit(mut self) -> Result<()> {
        let Some(guard) = self.guard.take() else { return Err(Error::closed()) };
        let (answer, answered) = oneshot::channel();
        tokio::spawn(release(guard, answer));
        answered.await.unwrap_or_else(|_| Err(Error::closed()))
    }
}

/// Releases a member's savepoint. The first member of a group then queues up to commit it.
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

impl Drop for Savepoint {
    fn drop(&mut self) {
        let cause = self.cause.take();
        let Some(mut guard) = self.guard.take() else { return };
        // If the runtime is shutting down and the task never runs, the next holder of the lock does its work.
        guard.is_left_open = true;
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { guard.abandon(cause).await });
        }
    }
}

/// Marks the file as complete without a log, see `missing_log`. That is impossible while another process has the
/// database open. The last reader of this process may need a moment to close its connection.
async fn end_log(conn: &mut SqliteConnection) {
    let _ = conn.execute("PRAGMA busy_timeout = 0").await;
    for _ in 0..CLOSING_TRIES {
        if conn.execute("PRAGMA journal_mode = DELETE").await.is_ok() {
            return;
        }
        sleep(CLOSING_PAUSE).await;
    }
}
