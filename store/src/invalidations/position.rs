//! How far a reader has read the invalidations, and whether all later ones are still stored.
//!
//! The oldest changes are deleted first. A position therefore contains an *anchor*: the newest change before which the
//! reader has read everything. As long as the anchor exists, everything after it exists too. Without the anchor it is
//! unknown what was missed: the reader was away for too long, rows were deleted by hand, or the database was replaced
//! by an older copy.
//!
//! An older copy may grow until it contains as many changes as the reader had read. It must not contain a change that
//! looks like the anchor:
//!
//! - A running PostgreSQL server never uses a transaction id twice. A position also contains the *epoch*, the time when
//!   the server was started. Replacing its files requires a restart, and another server was started at another time.
//! - On SQLite the numbers of two transactions are a random distance apart, so a database with another history has
//!   other numbers.

use std::collections::HashSet;

use super::applied::Applied;
use super::{FIRST_NUMBER, Invalidation};
use crate::db::{Connection, PerDatabase, Store, Tx, run};
use crate::{Error, Result};

/// How far a reader has read.
#[derive(Debug, Clone)]
pub struct Position {
    end: End,
    anchor: Row,
    /// Number and place of changes that were read although they come after the end. On PostgreSQL changes do not become
    /// visible in order.
    seen: HashSet<(i64, i64)>,
    applied: Applied,
}

impl Position {
    /// Everything before this position, and what was read beyond its end.
    pub fn applied(&self) -> &Applied {
        &self.applied
    }
}

/// The end of the changes at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct End {
    /// Every committed change at a lower place is visible. On PostgreSQL this is the oldest running transaction, on
    /// SQLite the next number.
    next: i64,
    epoch: i64,
}

/// The end of the changes, with the snapshot in which it was read.
#[derive(sqlx::FromRow)]
struct Snapshot {
    #[sqlx(flatten)]
    end: End,
    snapshot: String,
}

/// A change as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Row {
    number: i64,
    /// The transaction id on PostgreSQL. The same as `number` on SQLite.
    place: i64,
    kind: i16,
    subject: Vec<u8>,
}

/// The current end of the changes.
pub async fn end(db: &mut impl Connection) -> Result<End> {
    Ok(snapshot(db).await?.end)
}

async fn snapshot(db: &mut impl Connection) -> Result<Snapshot> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT next, 0 AS epoch, next || ':' || next || ':' AS snapshot \
                 FROM (SELECT COALESCE(max(number), 0) + 1 AS next FROM changes)",
        postgres: "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS next, \
                   (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS epoch, \
                   pg_current_snapshot()::text AS snapshot",
    };
    run!(db, SQL, [], fetch_one::<Snapshot>)
}

/// The position of a reader that starts now.
pub async fn position(store: &Store) -> Result<Position> {
    if let Some(position) = begin(&mut store.read().await?).await? {
        return Ok(position);
    }
    let mut tx = store.begin().await?;
    write_anchor(&mut tx).await?;
    tx.commit().await?;
    let position = begin(&mut store.read().await?).await?;
    position.ok_or_else(|| Error::Corrupt("no invalidations, although one was just written".to_owned()))
}

/// Like [`position`], but `None` if there is no change that can be the anchor.
async fn begin(db: &mut impl Connection) -> Result<Option<Position>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT number, number AS place, kind, subject FROM changes WHERE number < $1 \
                 ORDER BY number DESC LIMIT 1",
        postgres: "SELECT number, xid::text::bigint AS place, kind, subject FROM changes \
                   WHERE xid < $1::text::xid8 ORDER BY xid DESC, number DESC LIMIT 1",
    };
    // The end has to be read first. Everything before it is visible to the next query.
    let Snapshot { end, snapshot } = snapshot(db).await?;
    let anchor = run!(db, SQL, [end.next], fetch_optional::<Row>)?;
    let applied = Applied::new(end.epoch, end.next, snapshot);
    Ok(anchor.map(|anchor| Position { end, anchor, seen: HashSet::new(), applied }))
}

/// Writes an anchor: a change before all others, which no reader will read. It is needed in a new database, and in one
/// whose changes all have higher transaction ids than its own, because they come from another server.
async fn write_anchor(tx: &mut Tx) -> Result<()> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: FIRST_NUMBER,
        postgres: "INSERT INTO changes (kind, subject, xid) VALUES ($1, $2, '1')",
    };
    let (kind, invalidation) = Invalidation::Everything.row();
    run!(tx, SQL, [kind, invalidation], execute)?;
    Ok(())
}

/// Returns the changes that were committed since a position, and advances the position. Everything that was committed
/// before this call is included. Returns `None` if that cannot be guaranteed: then anything may have changed, and the
/// position can no longer be used.
pub async fn since(db: &mut impl Connection, position: &mut Position) -> Result<Option<Vec<Invalidation>>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT number, number AS place, kind, subject FROM changes \
                 WHERE number >= $1 AND number >= $2 ORDER BY number",
        postgres: "SELECT number, xid::text::bigint AS place, kind, subject FROM changes \
                   WHERE (xid, number) >= ($1::text::xid8, $2) ORDER BY number",
    };
    // The end is read before the changes. Changes that are committed in between are read twice and skipped the second
    // time.
    let Snapshot { end, snapshot } = snapshot(db).await?;
    let Position { end: before, anchor, seen, applied: _ } = &*position;
    let rows = run!(db, SQL, [anchor.place, anchor.number], fetch_all::<Row>)?;
    let is_seen = |row: &Row| seen.contains(&(row.number, row.place));
    let is_same = end.epoch == before.epoch && end.next >= before.next;
    if !is_same || !rows.contains(anchor) || rows.iter().filter(|row| is_seen(row)).count() < seen.len() {
        return Ok(None);
    }
    let is_new = |row: &&Row| row.place >= before.next && !is_seen(row);
    let invalidations =
        rows.iter().filter(is_new).map(|row| Invalidation::from_row(row.kind, &row.subject)).collect();
    let (settled, beyond): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.place < end.next);
    let seen = beyond.iter().map(|row| (row.number, row.place)).collect();
    if let Some(anchor) = settled.into_iter().max_by_key(|row| (row.place, row.number)) {
        *position = Position { end, anchor, seen, applied: Applied::new(end.epoch, end.next, snapshot) };
    }
    Ok(Some(invalidations))
}

/// Deletes the changes before `up_to`, an end so long ago that all readers have passed it. Keeps the newest of them,
/// which is the anchor of readers that have found nothing new since.
pub async fn forget(tx: &mut Tx, up_to: End) -> Result<()> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "DELETE FROM changes WHERE number < (SELECT max(number) FROM changes WHERE number < $1)",
        postgres: "DELETE FROM changes WHERE xid < \
                   (SELECT xid FROM changes WHERE xid < $1::text::xid8 ORDER BY xid DESC LIMIT 1)",
    };
    // After a restart the same places may belong to other changes, because the files may have been restored from a
    // backup.
    if end(tx).await?.epoch == up_to.epoch {
        run!(tx, SQL, [up_to.next], execute)?;
    }
    Ok(())
}
