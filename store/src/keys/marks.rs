//! What the clock brings about while nobody touches a key: that it ends soon, that it was not used for long. The rows are
//! marked, so that lists find such keys by an index in every order, and totals are kept.

use model::Timestamp;
use model::key::{Key, SOON_SECONDS, UNUSED_SECONDS};

use super::totals::{EXPIRING, Tally, UNUSED};
use crate::Result;
use crate::db::{Pair, Tx, run};

/// A mark is taken away only this long past the moment that sets it, or processes whose clocks differ a little would set
/// and take it by turns.
pub(super) const SLACK_MICROS: i64 = 3_600_000_000;

/// The marks of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Marks {
    pub is_expiring: bool,
    pub is_unused: bool,
}

impl Marks {
    /// The marks that a key should have.
    pub fn of(key: &Key, moments: &Moments) -> Self {
        let last = key.last_use.as_ref().map_or(key.created_at, |used| used.at);
        Self {
            is_expiring: key.expires_at.is_some_and(|end| end.micros() < moments.soon),
            is_unused: last.micros() <= moments.unused,
        }
    }
}

/// The moments that marks depend on, in microseconds.
pub(super) struct Moments {
    pub now: i64,
    /// A key that ends before this ends soon.
    pub soon: i64,
    /// A key last used by then, or made by then and never used, is unused.
    pub unused: i64,
}

impl Moments {
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: now.micros(),
            soon: now.plus_seconds(SOON_SECONDS).micros(),
            unused: now.plus_seconds(-UNUSED_SECONDS).micros(),
        }
    }
}

/// Keys whose mark is not what it should be at a moment, in the order of the index made for finding them. PostgreSQL would
/// choose another, and look at every key, if it believed that there are many of them: an order leaves no choice.
macro_rules! due {
    (soon, $moment:literal, $limit:literal) => {
        $crate::keys::marks::due!(@ "d.is_expiring = FALSE AND d.expires_at < ", $moment, "d.expires_at", $limit)
    };
    (not_soon, $moment:literal, $limit:literal) => {
        $crate::keys::marks::due!(@ "d.is_expiring = TRUE AND d.expires_at >= ", $moment, "d.expires_at", $limit)
    };
    (unused, $moment:literal, $limit:literal) => {
        $crate::keys::marks::due!(@ "d.is_unused = FALSE AND COALESCE(d.last_used_at, d.created_at) <= ", $moment,
            "COALESCE(d.last_used_at, d.created_at)", $limit)
    };
    (used, $moment:literal, $limit:literal) => {
        $crate::keys::marks::due!(@ "d.is_unused = TRUE AND COALESCE(d.last_used_at, d.created_at) > ", $moment,
            "COALESCE(d.last_used_at, d.created_at)", $limit)
    };
    // Not those that have ended with their owners: a batch revokes them, each with its audit record.
    (ended, $moment:literal, $limit:literal) => {
        $crate::keys::marks::due!(@ "d.is_expiring = TRUE AND d.expires_at <= ", $moment,
            concat!(" AND NOT (", $crate::keys::ended::is_ended!("d"), ")"), "d.expires_at", $limit)
    };
    (@ $condition:literal, $moment:literal, $order:literal, $limit:literal) => {
        $crate::keys::marks::due!(@ $condition, $moment, "", $order, $limit)
    };
    (@ $condition:literal, $moment:literal, $and:expr, $order:literal, $limit:literal) => {
        concat!(
            "SELECT d.key_id FROM keys d WHERE d.status = 'active' AND ",
            $condition,
            $moment,
            $and,
            " ORDER BY ",
            $order,
            ", d.key_id LIMIT ",
            $limit
        )
    };
}

pub(super) use due;

/// Changes the keys that are due, each once, however many sweep at the same time: on PostgreSQL by locking them, and by an
/// array, because it would rather look at all keys if it believed that many are due. SQLite has one writer.
macro_rules! change_due {
    ($change:expr, $due:ident, $returning:expr) => {
        $crate::db::Pair {
            sqlite: concat!(
                $change,
                "key_id IN (",
                $crate::keys::marks::due!($due, "$1", "$2"),
                ")",
                $returning
            ),
            postgres: concat!(
                $change,
                "key_id = ANY (ARRAY(",
                $crate::keys::marks::due!($due, "$1", "$2"),
                " FOR UPDATE))",
                $returning
            ),
        }
    };
}

pub(super) use change_due;

macro_rules! mark {
    ($change:literal, $due:ident) => {
        change_due!(concat!("UPDATE keys SET ", $change, " WHERE "), $due, " RETURNING organization_id")
    };
}

pub(super) const SOON: Pair = mark!("is_expiring = TRUE", soon);
pub(super) const NOT_SOON: Pair = mark!("is_expiring = FALSE", not_soon);
pub(super) const IDLE: Pair = mark!("is_unused = TRUE", unused);
pub(super) const USED: Pair = mark!("is_unused = FALSE", used);

/// Sets and takes away marks, at most `limit` of each kind. Says how many it were.
pub(super) async fn mark_due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<u64> {
    let Moments { now: _, soon, unused } = Moments::at(now);
    let mut tally = Tally::default();
    let mut marked = 0;
    for (sql, moment, part, by) in [
        (SOON, soon, EXPIRING, 1),
        (NOT_SOON, soon.saturating_add(SLACK_MICROS), EXPIRING, -1),
        (IDLE, unused, UNUSED, 1),
        (USED, unused.saturating_add(SLACK_MICROS), UNUSED, -1),
    ] {
        for (organization,) in run!(tx, sql, [moment, i64::from(limit)], fetch_all::<(String,)>)? {
            tally.change_part(&organization, part, by);
            marked += 1;
        }
    }
    tally.write(tx).await?;
    Ok(marked)
}
