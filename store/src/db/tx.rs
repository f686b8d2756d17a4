//! A transaction that writes.

use sqlx::{Postgres, Transaction};

use super::writer::Member;
use super::{Conn, Connection};
use crate::{Error, Result};

/// A transaction. Dropped, it is rolled back.
pub struct Tx {
    pub(super) kind: TxKind,
    /// Where this transaction adds to kept totals: always the same slot, so that it cannot deadlock with itself twice
    /// over, and rarely that of another, so that writers do not queue.
    pub(crate) slot: i16,
    pub(super) is_doomed: bool,
}

pub(super) enum TxKind {
    Sqlite(Member),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Makes the changes durable, and returns only then. It goes on to its end even if the caller stops waiting.
    ///
    /// Fails if any statement of the transaction failed before, even if that error was ignored.
    pub async fn commit(self) -> Result<()> {
        let Self { kind, slot: _, is_doomed } = self;
        if is_doomed {
            return Err(Error::doomed());
        }
        match kind {
            TxKind::Sqlite(member) => member.commit().await,
            TxKind::Postgres(transaction) => {
                let commit = tokio::spawn(transaction.commit());
                commit.await.map_err(|_| Error::closed())?.map_err(Error::from)
            }
        }
    }
}

impl Connection for Tx {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.kind {
            TxKind::Sqlite(member) => Conn::Sqlite(member.conn()),
            TxKind::Postgres(transaction) => Conn::Postgres(transaction),
        }
    }

    fn failed(&mut self, error: &Error) {
        self.is_doomed = true;
        if let TxKind::Sqlite(member) = &mut self.kind {
            member.failed(error);
        }
    }
}
