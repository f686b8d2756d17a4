//! A transaction that writes.

use super::lease::Lease;
use super::store::Listener;
use super::writer::Member;
use super::{Conn, Connection};
use crate::acting;
use crate::changes::{self, Subject};
use crate::{Error, Result};

/// SQLite works on a thread of this process. Where there is no other core, whoever is to be answered may have to wait until it
/// has done with a statement. A row takes it about a tenth of a millisecond.
const ROWS_OF_SQLITE: usize = 4;
/// A statement is a way to the database and back.
const ROWS_OF_POSTGRES: usize = 1000;

/// A transaction. Dropped, it is rolled back.
pub struct Tx {
    pub(super) kind: TxKind,
    /// Where this transaction adds to kept totals: always the same slot, so that it cannot deadlock with itself twice
    /// over, and rarely that of another, so that writers do not queue.
    pub(crate) slot: i16,
    pub(super) is_doomed: bool,
    /// What verdicts depend on and this transaction changes.
    pub(super) touched: Vec<Subject>,
    pub(super) listener: Listener,
}

pub(super) enum TxKind {
    Sqlite(Member),
    Postgres(Lease),
}

impl Tx {
    /// Makes the changes durable, and returns only then. It goes on to its end even if the caller stops waiting.
    ///
    /// What was touched has been told to the store's listener by then, also when it is not certain whether the changes
    /// were made: the connection may end just when they were.
    ///
    /// Fails if any statement of the transaction failed before, even if that error was ignored.
    pub async fn commit(mut self) -> Result<()> {
        let touched = changes::summarize(std::mem::take(&mut self.touched));
        if !touched.is_empty() && !self.is_doomed {
            acting::hold(&mut self, &touched).await?;
            changes::write(&mut self, &touched).await?;
        }
        let Self { kind, slot: _, is_doomed, touched: _, listener } = self;
        if is_doomed {
            return Err(Error::doomed());
        }
        let commit = tokio::spawn(async move {
            let done = match kind {
                TxKind::Sqlite(member) => member.commit().await,
                TxKind::Postgres(lease) => lease.commit().await,
            };
            if let Some(tell) = listener.get().filter(|_| !touched.is_empty()) {
                tell(&touched);
            }
            done
        });
        commit.await.map_err(|_| Error::closed())?
    }

    /// How many rows one statement is to write, where there are many.
    pub(crate) fn rows_of_a_statement(&self) -> usize {
        match &self.kind {
            TxKind::Sqlite(_) => ROWS_OF_SQLITE,
            TxKind::Postgres(_) => ROWS_OF_POSTGRES,
        }
    }

    /// Notes something that verdicts depend on and that this transaction changes.
    pub(crate) fn touch(&mut self, subject: Subject) {
        self.touched.push(subject);
    }
}

impl Connection for Tx {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.kind {
            TxKind::Sqlite(member) => Conn::Sqlite(member.conn()),
            TxKind::Postgres(lease) => Conn::Postgres(lease.conn()),
        }
    }

    fn answered(&mut self) {
        if let TxKind::Postgres(lease) = &mut self.kind {
            lease.answered();
        }
    }

    fn failed(&mut self, error: &Error) {
        self.is_doomed = true;
        match &mut self.kind {
            TxKind::Sqlite(member) => member.failed(error),
            TxKind::Postgres(lease) => lease.failed(error),
        }
    }
}
