//! A PostgreSQL connection from the pool, with a time limit for answers.
//!
//! A server that hangs or disappears leaves connections on which no data arrives until the operating system gives up,
//! which takes a quarter of an hour. The pool waits that long for every connection that is returned to it. Therefore
//! the caller stops waiting after a limit, and a connection that does not answer is closed.

use std::io;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Executor, PgConnection, PgPool, Postgres, SqlSafeStr};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::writer::WAIT_MAX;
use crate::{Error, Result};

/// A connection from the pool. If it is dropped in the middle of a statement or transaction, a background task waits
/// for the answer before it returns the connection to the pool, and closes the connection if no answer comes.
pub(super) struct PooledConnection {
    conn: Option<PoolConnection<Postgres>>,
    /// Whether a statement has been sent and not been answered.
    is_asked: bool,
    /// Whether a transaction is open.
    is_open: bool,
}

impl PooledConnection {
    pub(super) async fn take(pool: &PgPool) -> Result<Self> {
        Ok(Self { conn: Some(pool.acquire().await?), is_asked: false, is_open: false })
    }

    /// Takes a connection and begins a transaction on it.
    pub(super) async fn begin(pool: &PgPool) -> Result<Self> {
        let mut connection = Self::take(pool).await?;
        // Set before the statement runs, because it is unknown whether a transaction is open if no answer comes.
        connection.is_open = true;
        connection.execute("BEGIN").await?;
        Ok(connection)
    }

    /// Commits the transaction. If this fails, it is unknown whether the transaction was committed.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.execute("COMMIT").await?;
        self.is_open = false;
        Ok(())
    }

    /// The connection. The caller has to use it for a statement and then call `answered` or `failed`.
    #[expect(clippy::expect_used, reason = "the connection is taken out only when this is dropped")]
    pub(super) fn conn(&mut self) -> &mut PgConnection {
        self.is_asked = true;
        self.conn.as_mut().expect("a connection until it is dropped")
    }

    pub(super) fn answered(&mut self) {
        self.is_asked = false;
    }

    /// Called when a statement has failed. If the server did not answer in time, the connection is closed.
    pub(super) fn failed(&mut self, error: &Error) {
        self.is_asked = error.is_unavailable();
        if error.is_timeout()
            && let Some(conn) = &mut self.conn
        {
            conn.close_on_drop();
            // The server rolls back the open transaction by itself.
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

impl Drop for PooledConnection {
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

/// Waits for an answer of PostgreSQL, for as long as the server may work on a statement.
pub(crate) fn answer<T>(
    asked: impl Future<Output = sqlx::Result<T>>,
) -> impl Future<Output = sqlx::Result<T>> {
    answer_within(WAIT_MAX, asked)
}

/// Waits for an answer of PostgreSQL for at most `limit`.
pub(super) fn answer_within<T>(
    limit: Duration,
    asked: impl Future<Output = sqlx::Result<T>>,
) -> impl Future<Output = sqlx::Result<T>> {
    // Boxed, because the future would otherwise take up space twice in every future that awaits it.
    let asked = Box::pin(asked);
    async move {
        timeout(limit, asked).await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
    }
}
