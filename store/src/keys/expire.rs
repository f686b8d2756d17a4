//! The sweep: what the clock has ended is noted in the rows, and what it has brought near. Safety never waits for it,
//! because every use of a key compares the time; it keeps totals and lists right. The clock is what is true, so a key that is
//! valid again after the clock was set back is noted as well.

use model::Timestamp;
use model::key::KeyStatus;

use super::graces;
use super::marks::{self, Moments, SLACK_MICROS, change_due, due};
use super::moved::{Moved, note_moved, returning};
use super::restore::{self, valid_again};
use crate::Result;
use crate::db::{Connection, Pair, Tx, run};

macro_rules! ended {
    () => {
        "UPDATE keys SET status = 'expired', version = version + 1 WHERE status = 'active' AND "
    };
}

pub(super) const EXPIRE: Pair = change_due!(ended!(), ended, returning!());
pub(super) const ANY_DUE: &str = concat!(
    "SELECT (",
    due!(ended, "$1", "1"),
    ") IS NOT NULL OR (",
    due!(soon, "$2", "1"),
    ") IS NOT NULL OR (",
    due!(not_soon, "$3", "1"),
    ") IS NOT NULL OR (",
    due!(unused, "$4", "1"),
    ") IS NOT NULL OR (",
    due!(used, "$5", "1"),
    ") IS NOT NULL OR (",
    valid_again!("", "$1", "1"),
    ") IS NOT NULL OR (SELECT e.valid_until FROM earlier_secrets e WHERE e.valid_until <= $1 \
     ORDER BY e.valid_until LIMIT 1) IS NOT NULL"
);

/// What a sweep noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// Keys that have expired.
    pub expired: u64,
    /// Keys that are valid again, because the clock was set back.
    pub restored: u64,
    /// Keys that have come near their end, or were not used for long, or neither any more.
    pub marked: u64,
}

/// Notes that keys have expired, those that ended first at first, or are valid again, forgets earlier secrets past their
/// end, and marks keys that end soon or were not used for long; at most `limit` of each.
pub async fn note_due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Noted> {
    // Before marks, which active keys have; and those before ends, because what ends is looked for among what ends soon.
    let restored = restore::restore(tx, now, limit).await?;
    let marked = marks::mark_due(tx, now, limit).await?;
    let ended = run!(tx, EXPIRE, [now.micros(), i64::from(limit)], fetch_all::<Moved>)?;
    note_moved(tx, &ended, KeyStatus::Active, KeyStatus::Expired).await?;
    graces::sweep(tx, now, limit).await?;
    Ok(Noted { expired: u64::try_from(ended.len()).unwrap_or(u64::MAX), restored, marked })
}

/// Whether any organization has keys of which the clock has done something without a note.
pub async fn any_due(db: &mut impl Connection, now: Timestamp) -> Result<bool> {
    let Moments { now, soon, unused } = Moments::at(now);
    let (not_soon, used) = (soon.saturating_add(SLACK_MICROS), unused.saturating_add(SLACK_MICROS));
    let (is_due,) = run!(db, ANY_DUE, [now, soon, not_soon, unused, used], fetch_one::<(bool,)>)?;
    Ok(is_due)
}
