//! How far somebody has read the changes, and whether all that follows is still there.
//!
//! Changes are removed from the oldest on. A position therefore holds an *anchor*: the newest change that no unread one
//! precedes. As long as the anchor is there, so is everything after it. Once it is gone, nobody can tell what was missed:
//! the reader was away for too long, somebody removed rows by hand, or a copy from before took the place of the database.
//!
//! Such a copy may go on until it holds as many changes as its reader had read. It must not hold one that looks like the
//! anchor:
//!
//! - On PostgreSQL a running server uses no transaction id twice. A position also holds the *epoch*, the time when the server
//!   was started: copied files need a start, and another server has another time.
//! - On SQLite the numbers of two transactions are a random distance apart, so that no other history has the same ones.

use std::collections::HashSet;

use super::{APART, Subject};
use crate::db::{Connection, Pair, Store, Tx, run};
use crate::{Error, Result};

/// Where somebody has read up to.
#[derive(Debug, Clone)]
pub struct Position {
    end: End,
    anchor: Row,
    /// Numbers and places of changes that were read although they stand beyond the end. On PostgreSQL they do not become
    /// visible in order.
    seen: HashSet<(i64, i64)>,
}

/// Where the changes end at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct End {
    /// Every change in a lower place is visible, if it was made at all: on PostgreSQL the oldest transaction under way, on
    /// SQLite the next number.
    next: i64,
    epoch: i64,
}

/// A change as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Row {
    number: i64,
    /// On PostgreSQL the transaction, on SQLite the number once more.
    place: i64,
    kind: i16,
    subject: Vec<u8>,
}

/// Where the changes end now.
pub async fn end(db: &mut impl Connection) -> Result<End> {
    const SQL: Pair = Pair {
        sqlite: "SELECT COALESCE(max(number), 0) + 1 AS next, 0 AS epoch FROM changes",
        postgres: "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS next, \
                   (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS epoch",
    };
    run!(db, SQL, [], fetch_one::<End>)
}

/// The position of somebody who begins to read now.
pub async fn position(store: &Store) -> Result<Position> {
    if let Some(position) = begin(&mut store.read().await?).await? {
        return Ok(position);
    }
    let mut tx = store.begin().await?;
    write_anchor(&mut tx).await?;
    tx.commit().await?;
    let position = begin(&mut store.read().await?).await?;
    position.ok_or_else(|| Error::Corrupt("no changes, although one was just written".to_owned()))
}

/// The same, if there is a change to be the anchor.
async fn begin(db: &mut impl Connection) -> Result<Option<Position>> {
    const SQL: Pair = Pair {
        sqlite: "SELECT number, number AS place, kind, subject FROM changes WHERE number < $1 \
                 ORDER BY number DESC LIMIT 1",
        postgres: "SELECT number, xid::text::bigint AS place, kind, subject FROM changes \
                   WHERE xid < $1::text::xid8 ORDER BY xid DESC, number DESC LIMIT 1",
    };
    // In this order: everything before the end is visible to what is asked next.
    let end = end(db).await?;
    let anchor = run!(db, SQL, [end.next], fetch_optional::<Row>)?;
    Ok(anchor.map(|anchor| Position { end, anchor, seen: HashSet::new() }))
}

/// Writes a change that stands before all others and tells nobody anything, where there is none to be an anchor: in a new
/// database, or one whose changes are all beyond its own transactions, because they come from another server.
async fn write_anchor(tx: &mut Tx) -> Result<()> {
    const SQL: Pair =
        Pair { sqlite: APART, postgres: "INSERT INTO changes (kind, subject, xid) VALUES ($1, $2, '1')" };
    let (kind, subject) = Subject::Everything.row();
    run!(tx, SQL, [kind, subject], execute)?;
    Ok(())
}

/// What was committed since a position, which moves on. Nothing committed before this is called is ever left out. Nothing
/// comes of it when that cannot be known: then anything may have changed, and the position is of no further use.
pub async fn since(db: &mut impl Connection, position: &mut Position) -> Result<Option<Vec<Subject>>> {
    const SQL: Pair = Pair {
        sqlite: "SELECT number, number AS place, kind, subject FROM changes \
                 WHERE number >= $1 AND number >= $2 ORDER BY number",
        postgres: "SELECT number, xid::text::bigint AS place, kind, subject FROM changes \
                   WHERE (xid, number) >= ($1::text::xid8, $2) ORDER BY number",
    };
    // Asked before the changes are read: what commits in between is read now and once more the next time.
    let end = end(db).await?;
    let Position { end: before, anchor, seen } = &*position;
    let rows = run!(db, SQL, [anchor.place, anchor.number], fetch_all::<Row>)?;
    let is_seen = |row: &Row| seen.contains(&(row.number, row.place));
    let is_same = end.epoch == before.epoch && end.next >= before.next;
    if !is_same || !rows.contains(anchor) || rows.iter().filter(|row| is_seen(row)).count() < seen.len() {
        return Ok(None);
    }
    let is_new = |row: &&Row| row.place >= before.next && !is_seen(row);
    let subjects = rows.iter().filter(is_new).map(|row| Subject::from_row(row.kind, &row.subject)).collect();
    let (settled, beyond): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.place < end.next);
    let seen = beyond.iter().map(|row| (row.number, row.place)).collect();
    if let Some(anchor) = settled.into_iter().max_by_key(|row| (row.place, row.number)) {
        *position = Position { end, anchor, seen };
    }
    Ok(Some(subjects))
}

/// Forgets what had been changed when the changes ended there, which everybody must have read long ago. The newest of it
/// stays: it is the anchor of those who have read nothing since.
pub async fn forget(tx: &mut Tx, up_to: End) -> Result<()> {
    const SQL: Pair = Pair {
        sqlite: "DELETE FROM changes WHERE number < (SELECT max(number) FROM changes WHERE number < $1)",
        postgres: "DELETE FROM changes WHERE xid < \
                   (SELECT xid FROM changes WHERE xid < $1::text::xid8 ORDER BY xid DESC LIMIT 1)",
    };
    // After a restore the same places are those of other changes.
    if end(tx).await?.epoch == up_to.epoch {
        run!(tx, SQL, [up_to.next], execute)?;
    }
    Ok(())
}
