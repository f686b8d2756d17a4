//! What has changed that a verdict on a key depends on: told to this process at each commit, and kept for others.
//!
//! Functions that write note what they touch with `Tx::touch`. The commit writes it down in the same transaction and
//! tells the listener of this store before anybody is told that the change is done. Other processes read it from here.

mod position;

use std::collections::HashSet;

pub use position::{End, Position, end, forget, position, since};

use crate::db::{Conn, Connection, Tx, build, run};
use crate::{Error, Result};

/// Something that a verdict depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The secret of this hash: made, changed, replaced or ended.
    Secret([u8; 32]),
    /// The member or service account of this id, for all their keys.
    Owner(String),
    /// The organization of this id, for all its keys.
    Organization(String),
    /// More than is worth naming.
    Everything,
    /// The gateway of this id: made, changed or removed.
    Gateway(String),
}

/// Changes of one transaction that are named one by one.
const NAMED_MAX: usize = 1000;
/// Rows of one statement.
const ROWS_MAX: usize = 500;
/// On SQLite the first change of a transaction: its number is a random distance from the last one, so that no other history
/// of the database, which a copy may begin, has the same numbers. They last for 2^35 transactions.
const APART: &str = "INSERT INTO changes (number, kind, subject) VALUES \
    ((SELECT COALESCE(max(number), 0) + 1 + (random() & 268435455) FROM changes), $1, $2)";

impl Subject {
    fn row(&self) -> (i16, &[u8]) {
        match self {
            Self::Secret(hash) => (0, hash),
            Self::Owner(id) => (1, id.as_bytes()),
            Self::Organization(id) => (2, id.as_bytes()),
            Self::Everything => (3, &[]),
            Self::Gateway(id) => (4, id.as_bytes()),
        }
    }

    /// What cannot be read, because a newer program wrote it, may be anything.
    fn from_row(kind: i16, subject: &[u8]) -> Self {
        let text = |subject: &[u8]| String::from_utf8(subject.to_vec()).ok();
        match kind {
            0 => subject.try_into().ok().map(Self::Secret),
            1 => text(subject).map(Self::Owner),
            2 => text(subject).map(Self::Organization),
            4 => text(subject).map(Self::Gateway),
            _ => None,
        }
        .unwrap_or(Self::Everything)
    }
}

/// The subjects as they are told: each once, and too many as everything.
pub(crate) fn summarize(mut touched: Vec<Subject>) -> Vec<Subject> {
    let mut known = HashSet::new();
    touched.retain(|subject| known.insert(subject.clone()));
    if touched.len() > NAMED_MAX { vec![Subject::Everything] } else { touched }
}

/// Writes down what a transaction touched.
pub(crate) async fn write(tx: &mut Tx, subjects: &[Subject]) -> Result<()> {
    let mut subjects = subjects;
    if let (Conn::Sqlite(_), Some((first, others))) = (tx.conn(), subjects.split_first()) {
        let (kind, subject) = first.row();
        run!(tx, APART, [kind, subject], execute)?;
        subjects = others;
    }
    for subjects in subjects.chunks(ROWS_MAX) {
        build!(
            tx,
            "INSERT INTO changes (kind, subject) ",
            |builder| {
                builder.push_values(subjects, |mut row, subject| {
                    let (kind, subject) = subject.row();
                    row.push_bind(kind).push_bind(subject);
                });
            },
            execute
        )?;
    }
    Ok(())
}

/// A secret's hash from its hex.
pub(crate) fn secret(hash: &str) -> Result<Subject> {
    let bytes = crate::hash::from_hex(hash)?;
    bytes.try_into().map(Subject::Secret).map_err(|_| Error::Corrupt("a hash of another length".to_owned()))
}
