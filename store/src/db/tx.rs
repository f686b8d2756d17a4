//! Transactions for writing.

use std::sync::Arc;

use tokio::time::Instant;
use tracing::Span;

use super::invalidation::{Invalidation, Listener};
use super::pooled_connection::PooledConnection;
use super::writer::Savepoint;
use super::{Conn, Connection};
use crate::counts::DatabaseCounts;
use crate::{Error, Result, spans};

/// Rows per statement on SQLite. SQLite runs on a thread of this process, so on a single core a request may have to
/// wait until a statement ends. Each row takes about a tenth of a millisecond.
const ROWS_OF_SQLITE: usize = 4;
/// Rows per statement on PostgreSQL. Large, because every statement costs a round trip.
const ROWS_OF_POSTGRES: usize = 1000;

/// A transaction. It is rolled back when dropped.
pub struct Tx {
    pub(super) kind: TxKind,
    /// The slot of each stored total to which this transaction adds. It is the same for the whole transaction, because
    /// locking two slots of a total could deadlock. Concurrent transactions rarely have the same slot, so they rarely
    /// wait for each other.
    pub(crate) slot: i16,
    pub(super) is_doomed: bool,
    /// What this transaction has changed that verdicts depend on.
    pub(super) invalidated: Vec<Invalidation>,
    pub(super) listener: Listener,
    pub(super) counts: Arc<DatabaseCounts>,
    /// Its part in the trace of a request.
    pub(super) span: Span,
}

pub(super) enum TxKind {
    Sqlite(Savepoint),
    Postgres(PooledConnection),
}

impl Tx {
    /// Whether a statement has failed, so that the transaction cannot be committed.
    pub(crate) fn is_doomed(&self) -> bool {
        self.is_doomed
    }

    /// Takes what this transaction has changed that verdicts depend on.
    pub(crate) fn take_invalidated(&mut self) -> Vec<Invalidation> {
        std::mem::take(&mut self.invalidated)
    }

    /// Commits, and passes the invalidations to the listener. [`Tx::commit`] does what has to be done before.
    pub(crate) async fn finish(self, invalidated: Vec<Invalidation>) -> Result<()> {
        let Self { kind, slot: _, is_doomed, invalidated: _, listener, counts, span } = self;
        if is_doomed {
            return Err(Error::failed_transaction());
        }
        let committing = spans::committing(&span);
        let commit = tokio::spawn(async move {
            let started = Instant::now();
            let done = match kind {
                TxKind::Sqlite(member) => member.commit().await,
                TxKind::Postgres(connection) => connection.commit().await,
            };
            if let Some(listener) = listener.get().filter(|_| !invalidated.is_empty()) {
                listener(&invalidated);
                counts.applied.record_duration(started.elapsed());
            }
            drop((committing, span));
            done.inspect_err(|error| counts.failed(error))
        });
        commit.await.map_err(|_| Error::closed())?
    }

    /// How many rows one statement should write at most.
    pub(crate) fn rows_of_a_statement(&self) -> usize {
        match &self.kind {
            TxKind::Sqlite(_) => ROWS_OF_SQLITE,
            TxKind::Postgres(_) => ROWS_OF_POSTGRES,
        }
    }

    /// Records a change of something that verdicts depend on.
    pub(crate) fn invalidate(&mut self, invalidation: Invalidation) {
        self.invalidated.push(invalidation);
    }
}

impl Connection for Tx {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.kind {
            TxKind::Sqlite(member) => Conn::Sqlite(member.conn()),
            TxKind::Postgres(connection) => Conn::Postgres(connection.conn()),
        }
    }

    fn answered(&mut self) {
        if let TxKind::Postgres(connection) = &mut self.kind {
            connection.answered();
        }
    }

    fn failed(&mut self, error: &Error) {
        self.is_doomed = true;
        self.counts.failed(error);
        match &mut self.kind {
            TxKind::Sqlite(member) => member.failed(error),
            TxKind::Postgres(connection) => connection.failed(error),
        }
    }
}
