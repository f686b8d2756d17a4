//! The connections on which statements run.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Sqlite, SqliteConnection};
use tracing::Span;

use super::pooled_connection::PooledConnection;
use crate::Error;
use crate::counts::DatabaseCounts;

pub enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Anything that can run statements: a [`Reader`], or a [`Tx`](super::Tx), which sees its own changes.
pub trait Connection: Send {
    fn conn(&mut self) -> Conn<'_>;

    /// Called when the database has answered a statement.
    fn answered(&mut self) {}

    /// Called when a statement has failed. After that, the transaction can only be rolled back.
    fn failed(&mut self, _error: &Error) {}
}

/// A connection for reading. Each statement sees the data that was committed when the statement began.
pub struct Reader {
    pub(super) kind: ReaderKind,
    pub(super) counts: Arc<DatabaseCounts>,
    /// Its part in the trace of a request.
    pub(super) _span: Span,
}

pub(super) enum ReaderKind {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PooledConnection),
}

impl Connection for Reader {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.kind {
            ReaderKind::Sqlite(conn) => Conn::Sqlite(conn),
            ReaderKind::Postgres(connection) => Conn::Postgres(connection.conn()),
        }
    }

    fn answered(&mut self) {
        if let ReaderKind::Postgres(connection) = &mut self.kind {
            connection.answered();
        }
    }

    fn failed(&mut self, error: &Error) {
        self.counts.failed(error);
        if let ReaderKind::Postgres(connection) = &mut self.kind {
            connection.failed(error);
        }
    }
}
