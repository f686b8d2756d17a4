//! Which changes a reader has applied, exactly.
//!
//! On PostgreSQL, transactions commit in another order than that of their ids. So it is not enough to know the highest
//! change that a reader has seen. A reader keeps the snapshot of its reading instead, which says of every transaction
//! whether the reading could see it.

use crate::Result;
use crate::db::{Connection, PerDatabase, Tx, run};

/// The longest snapshot that is kept whole. Each running transaction takes up to 20 characters of it.
const SNAPSHOT_CHARACTERS_MAX: usize = 4000;
/// The most changes that are counted for [`behind`].
pub const BEHIND_MAX: u32 = 1000;

/// The changes that a reader has applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// When the database server was started. Transaction ids of another epoch say nothing.
    pub(crate) epoch: i64,
    /// In the form of PostgreSQL's `pg_snapshot`: the oldest running transaction, the first one that had not begun, and
    /// all running ones in between. On SQLite, where transactions commit in order, twice the next number.
    pub(crate) snapshot: String,
}

/// A transaction that made changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct TransactionId {
    pub(super) place: i64,
    pub(super) epoch: i64,
}

impl Applied {
    /// `next` is the oldest transaction that was running.
    pub(super) fn new(epoch: i64, next: i64, snapshot: String) -> Self {
        // Without the running transactions, all later ones count as not applied, which is safe.
        let is_short = snapshot.len() <= SNAPSHOT_CHARACTERS_MAX;
        Self { epoch, snapshot: if is_short { snapshot } else { format!("{next}:{next}:") } }
    }

    /// Whether all changes of a committed transaction were applied. False if that is unknown.
    pub fn includes(&self, transaction: TransactionId) -> bool {
        self.epoch == transaction.epoch && self.shows(transaction.place).unwrap_or(false)
    }

    /// Whether the snapshot shows a transaction. `None` if the snapshot cannot be read.
    fn shows(&self, place: i64) -> Option<bool> {
        let mut parts = self.snapshot.split(':');
        let (least, next) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<i64>().ok()?);
        let mut running = parts.next()?.split(',').filter(|id| !id.is_empty());
        Some(place < least || (place < next && running.all(|id| id.parse().is_ok_and(|id: i64| id != place))))
    }

    /// The oldest transaction that may not be applied.
    fn least(&self) -> Option<i64> {
        self.snapshot.split(':').next()?.parse().ok()
    }
}

/// The id of the running transaction, to find out later who has applied it. On SQLite, where changes get their numbers
/// only with the commit, it is one that everybody has applied.
pub async fn transaction_id(tx: &mut Tx) -> Result<TransactionId> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT 0 AS place, 0 AS epoch",
        postgres: "SELECT pg_current_xact_id()::text::bigint AS place, \
                   (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS epoch",
    };
    run!(tx, SQL, [], fetch_one::<TransactionId>)
}

/// How many committed changes each reader has not applied, up to [`BEHIND_MAX`].
pub async fn behind(db: &mut impl Connection, readers: &[&Applied]) -> Result<Vec<u32>> {
    // Rows that came from another server may have higher ids than any transaction of this one. If there are too many,
    // the newest are counted, because a reader that is behind misses those.
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT number, 0 FROM changes WHERE number >= $1 ORDER BY number DESC LIMIT $2",
        postgres: "SELECT xid::text::bigint, 0 FROM changes WHERE xid >= $1::text::xid8 \
                   AND xid < pg_snapshot_xmax(pg_current_snapshot()) ORDER BY xid DESC LIMIT $2",
    };
    let Some(least) = readers.iter().filter_map(|reader| reader.least()).min() else {
        return Ok(vec![0; readers.len()]);
    };
    let places = run!(db, SQL, [least, i64::from(BEHIND_MAX)], fetch_all::<(i64, i32)>)?;
    let missing = |reader: &&Applied| {
        let missing = places.iter().filter(|(place, _)| reader.shows(*place) != Some(true)).count();
        u32::try_from(missing).unwrap_or(BEHIND_MAX)
    };
    Ok(readers.iter().map(missing).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn includes(snapshot: &str, place: i64) -> bool {
        let applied = Applied { epoch: 1, snapshot: snapshot.to_owned() };
        assert!(!applied.includes(TransactionId { place, epoch: 2 }), "another epoch says nothing");
        applied.includes(TransactionId { place, epoch: 1 })
    }

    #[test]
    fn a_snapshot_shows_what_had_ended_and_nothing_else() {
        for (snapshot, shown, not_shown) in [
            ("10:10:", &[1, 9][..], &[10, 11][..]),
            ("10:20:10,15", &[9, 11, 14, 16, 19], &[10, 15, 20, 21]),
            // What cannot be read shows nothing.
            ("", &[], &[0, 1]),
            ("10", &[], &[1]),
            ("10:20", &[], &[1]),
            ("x:20:", &[], &[1]),
            ("10:20:1x", &[1], &[11]),
        ] {
            assert!(shown.iter().all(|place| includes(snapshot, *place)), "{snapshot}");
            assert!(!not_shown.iter().any(|place| includes(snapshot, *place)), "{snapshot}");
        }
    }

    #[test]
    fn a_snapshot_of_too_many_transactions_shows_only_what_is_older_than_all_of_them() {
        let running: Vec<_> = (1000..3000).map(|id| id.to_string()).collect();
        let snapshot = format!("1000:5000:{}", running.join(","));
        let applied = Applied::new(1, 1000, snapshot);
        assert_eq!(applied.snapshot, "1000:1000:");
    }
}
