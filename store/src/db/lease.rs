//! A connection to PostgreSQL on loan, and how long is waited for an answer.
//!
//! A server that hangs, or that is gone without a word, leaves connections on which nothing comes, for as long as the system
//! believes in them: a quarter of an hour. The pool waits as long for each that is given back. So whoever asks gives up in
//! time, and what does not answer is closed.

use std::io;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Executor, PgConnection, PgPool, Postgres, SqlSafeStr};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::writer::WAIT_MAX;
use crate::{Error, Result};

/// A connection on loan. Whoever drops it in the middle of a statement or a transaction gives it back only once it has
/// answered; if it does not, it is closed.
pub(super) struct Lease {
    conn: Option<PoolConnection<Postgres>>,
    /// Whether an answer is awaited.
    is_asked: bool,
    /// Whether a transaction is open.
    is_open: bool,
}

impl Lease {
    pub(super) async fn take(pool: &PgPool) -> Result<Self> {
        Ok(Self { conn: Some(pool.acquire().await?), is_asked: false, is_open: false })
    }

    /// Takes one and begins a transaction on it.
    pub(super) async fn begin(pool: &PgPool) -> Result<Self> {
        let mut lease = Self::take(pool).await?;
        // Before it is done: whether it was is not known if nothing comes.
        lease.is_open = true;
        lease.execute("BEGIN").await?;
        Ok(lease)
    }

    /// Ends the transaction. Whether it was committed is not known if this fails.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.execute("COMMIT").await?;
        self.is_open = false;
        Ok(())
    }

    /// The connection, for a statement.
    #[expect(clippy::expect_used, reason = "it is taken out when this is dropped, which is the end of it")]
    pub(super) fn conn(&mut self) -> &mut PgConnection {
        self.is_asked = true;
        self.conn.as_mut().expect("a connection until it is dropped")
    }

    /// Notes that the statement was answered.
    pub(super) fn answered(&mut self) {
        self.is_asked = false;
    }

    /// Notes that the statement failed. Who does not answer now is not asked again.
    pub(super) fn failed(&mut self, error: &Error) {
        self.is_asked = error.is_unavailable();
        if error.is_silence()
            && let Some(conn) = &mut self.conn
        {
            conn.close_on_drop();
            // The server rolls back by itself what was under way.
            (self.is_asked, self.is_open) = (false, false);
        }
    }

    pub(super) async fn execute(&mut self, sql: impl SqlSafeStr) -> Result<()> {
        let outcome = answer(self.conn().execute(sql.into_sql_str())).await.map_err(Error::from);
        match &outcome {
            Ok(_) => self.answered(),
            Err(error) => self.failed(error),
        }
        outcome.map(drop)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.is_asked && !self.is_open {
            return;
        }
        let (Some(mut conn), Ok(runtime)) = (self.conn.take(), Handle::try_current()) else { return };
        let is_open = self.is_open;
        runtime.spawn(async move {
            let cleared =
                async { if is_open { conn.execute("ROLLBACK").await.map(drop) } else { conn.ping().await } };
            if !matches!(timeout(WAIT_MAX, cleared).await, Ok(Ok(()))) {
                conn.close_on_drop();
            }
        });
    }
}

/// Waits for an answer of PostgreSQL, for as long as it may work on a statement itself.
pub(crate) fn answer<T>(
    asked: impl Future<Output = sqlx::Result<T>>,
) -> impl Future<Output = sqlx::Result<T>> {
    answer_within(WAIT_MAX, asked)
}

/// Waits so long for an answer of PostgreSQL.
pub(super) fn answer_within<T>(
    limit: Duration,
    asked: impl Future<Output = sqlx::Result<T>>,
) -> impl Future<Output = sqlx::Result<T>> {
    // By its address: as a value it would take its room twice in everything that waits for it.
    let asked = Box::pin(asked);
    async move {
        timeout(limit, asked).await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
    }
}
