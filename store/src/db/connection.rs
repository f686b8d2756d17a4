//! What a statement runs on.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Sqlite, SqliteConnection};

use super::lease::Lease;
use crate::Error;

/// One connection to either database.
pub enum Conn<'c> {
    /// To SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// To PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// Whatever statements can run on: a [`Reader`], or a [`Tx`](super::Tx) that sees its own changes.
pub trait Connection: Send {
    /// The connection.
    fn conn(&mut self) -> Conn<'_>;

    /// Takes note that a statement was answered.
    fn answered(&mut self) {}

    /// Takes note that a statement failed: a transaction can then only be dropped.
    fn failed(&mut self, _error: &Error) {}
}

/// A connection for reading. Each statement sees what was committed when it began.
pub struct Reader(pub(super) ReaderKind);

pub(super) enum ReaderKind {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(Lease),
}

impl Connection for Reader {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.0 {
            ReaderKind::Sqlite(conn) => Conn::Sqlite(conn),
            ReaderKind::Postgres(lease) => Conn::Postgres(lease.conn()),
        }
    }

    fn answered(&mut self) {
        if let ReaderKind::Postgres(lease) = &mut self.0 {
            lease.answered();
        }
    }

    fn failed(&mut self, error: &Error) {
        if let ReaderKind::Postgres(lease) = &mut self.0 {
            lease.failed(error);
        }
    }
}
