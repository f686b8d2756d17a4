//! What the clock brings about while nobody touches a key: that it ends soon, that it was not used for long. The rows are
//! marked, so that lists find such keys by an index in every order, and totals are kept.

use model::Timestamp;
use model::key::{Key, SOON_SECONDS, UNUSED_SECONDS};

use super::totals::{EXPIRING, Tally, UNUSED};
use crate::Result;
use crate::db::{Tx, run};

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

/// Keys whose mark is not what it should be at a moment, by the index made for it.
macro_rules! due {
    (soon, $moment:literal) => {
        $crate::keys::marks::due!(@ "d.is_expiring = FALSE AND d.expires_at < ", $moment)
    };
    (not_soon, $moment:literal) => {
        $crate::keys::marks::due!(@ "d.is_expiring = TRUE AND d.expires_at >= ", $moment)
    };
    (unused, $moment:literal) => {
        $crate::keys::marks::due!(@ "d.is_unused = FALSE AND COALESCE(d.last_used_at, d.created_at) <= ", $moment)
    };
    (used, $moment:literal) => {
        $crate::keys::marks::due!(@ "d.is_unused = TRUE AND COALESCE(d.last_used_at, d.created_at) > ", $moment)
    };
    (@ $condition:literal, $moment:literal) => {
        concat!("FROM keys d WHERE d.status = 'active' AND ", $condition, $moment)
    };
}

pub(super) use due;

/// Changes a mark of some keys; once only, if several sweep at the same time.
macro_rules! mark {
    ($column:literal, $from:literal, $to:literal, $due:ident) => {
        concat!(
            "UPDATE keys SET ",
            $column,
            " = ",
            $to,
            " WHERE status = 'active' AND ",
            $from,
            " AND key_id IN (SELECT d.key_id ",
            due!($due, "$1"),
            " LIMIT $2) RETURNING organization_id"
        )
    };
}

/// Sets and takes away marks, at most `limit` of each kind. Says how many it were.
pub(super) async fn mark_due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<u64> {
    const SOON: &str = mark!("is_expiring", "NOT is_expiring", "TRUE", soon);
    const NOT_SOON: &str = mark!("is_expiring", "is_expiring", "FALSE", not_soon);
    const IDLE: &str = mark!("is_unused", "NOT is_unused", "TRUE", unused);
    const USED: &str = mark!("is_unused", "is_unused", "FALSE", used);
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
