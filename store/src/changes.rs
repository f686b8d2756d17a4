//! What has changed that a verdict on a key depends on: told to this process at each commit, and kept for others.
//!
//! Functions that write note what they touch with `Tx::touch`. The commit writes it down in the same transaction and
//! tells the listener of this store before anybody is told that the change is done. Other processes read it from here.

use std::collections::HashSet;

use crate::db::{Conn, Connection, Pair, Tx, build, run};
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

/// Where somebody has read up to.
#[derive(Debug, Clone, Default)]
pub struct Position {
    /// On SQLite the last number; on PostgreSQL the oldest transaction that was still under way.
    up_to: i64,
    /// What was seen beyond that. On PostgreSQL numbers do not become visible in their order.
    seen: HashSet<i64>,
}

/// Changes of one transaction that are named one by one.
const NAMED_MAX: usize = 1000;
/// Rows of one statement.
const ROWS_MAX: usize = 500;

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
    fn from_row(kind: i16, subject: Vec<u8>) -> Self {
        let text = |subject| String::from_utf8(subject).ok();
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

/// The position of somebody who begins to read now.
pub async fn position(db: &mut impl Connection) -> Result<Position> {
    const SQL: Pair = Pair {
        sqlite: "SELECT COALESCE(max(number), 0) FROM changes",
        postgres: "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
    };
    let (up_to,) = run!(db, SQL, [], fetch_one::<(i64,)>)?;
    Ok(Position { up_to, seen: HashSet::new() })
}

/// What was committed since a position, which moves on. Nothing committed before this is called is ever left out.
pub async fn since(db: &mut impl Connection, position: &mut Position) -> Result<Vec<Subject>> {
    const SQL: Pair = Pair {
        sqlite: "SELECT number, kind, subject FROM changes WHERE number > $1 ORDER BY number",
        postgres: "SELECT number, kind, subject FROM changes WHERE xid >= $1::text::xid8 ORDER BY number",
    };
    let is_ordered = matches!(db.conn(), Conn::Sqlite(_));
    // Asked before the changes are read: what commits in between is read now and once more the next time.
    let next = if is_ordered { None } else { Some(self::position(db).await?.up_to) };
    let rows = run!(db, SQL, [position.up_to], fetch_all::<(i64, i16, Vec<u8>)>)?;
    let last = rows.last().map_or(position.up_to, |(number, ..)| *number);
    let mut seen = HashSet::new();
    let mut subjects = Vec::new();
    for (number, kind, subject) in rows {
        if !position.seen.contains(&number) {
            subjects.push(Subject::from_row(kind, subject));
        }
        if !is_ordered {
            seen.insert(number);
        }
    }
    *position = Position { up_to: next.unwrap_or(last), seen };
    Ok(subjects)
}

/// The number of the newest change; 0 when there is none.
pub async fn newest(db: &mut impl Connection) -> Result<i64> {
    let (number,) = run!(db, "SELECT COALESCE(max(number), 0) FROM changes", [], fetch_one::<(i64,)>)?;
    Ok(number)
}

/// Forgets changes up to a number, which everybody must have read long ago. The newest stays, so that numbers go on from it.
pub async fn forget(tx: &mut Tx, up_to: i64) -> Result<()> {
    const SQL: &str =
        "DELETE FROM changes WHERE number <= $1 AND number < (SELECT COALESCE(max(number), 0) FROM changes)";
    run!(tx, SQL, [up_to], execute)?;
    Ok(())
}

/// A secret's hash from its hex.
pub(crate) fn secret(hash: &str) -> Result<Subject> {
    let bytes = crate::hash::from_hex(hash)?;
    bytes.try_into().map(Subject::Secret).map_err(|_| Error::Corrupt("a hash of another length".to_owned()))
}
