//! The sweep. It stores which keys have expired, expire soon or are unused, so that totals and lists are correct.
//! Verdicts never depend on it, because every use of a key compares the time. The clock decides: a key that is valid
//! again because the clock was set back is stored as active again.

use model::Timestamp;
use model::key::KeyStatus;

use super::expiry_flags::{FlagTimes, SLACK_MICROS, change_due, due};
use super::restore::{self, valid_again};
use super::status_change::{ChangedKey, apply_status_change, returning};
use super::{flag_sweep, grace_periods};
use crate::Result;
use crate::db::{Connection, PerDatabase, Tx, run};

macro_rules! ended {
    () => {
        "UPDATE keys SET status = 'expired', version = version + 1 WHERE status = 'active' AND "
    };
}

pub(super) const EXPIRE: PerDatabase = change_due!(ended!(), ended, returning!());
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

/// The result of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweepReport {
    /// The number of keys that have expired.
    pub expired: u64,
    /// The number of keys that are valid again because the clock was set back.
    pub restored: u64,
    /// The number of keys whose expiry flags were set or cleared.
    pub marked: u64,
}

/// Stores that keys have expired or are valid again, earliest expiry first, deletes earlier secrets whose grace period
/// is over, and updates expiry flags. Handles at most `limit` of each.
pub async fn sweep_due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<SweepReport> {
    // Restored keys come first, because only active keys have expiry flags. Flags come before expiry, because expired
    // keys are looked for among those with the flag `is_expiring`.
    let restored = restore::restore(tx, now, limit).await?;
    let marked = flag_sweep::update_due(tx, now, limit).await?;
    let ended = run!(tx, EXPIRE, [now.micros(), i64::from(limit)], fetch_all::<ChangedKey>)?;
    apply_status_change(tx, &ended, KeyStatus::Active, KeyStatus::Expired).await?;
    grace_periods::sweep(tx, now, limit).await?;
    Ok(SweepReport { expired: u64::try_from(ended.len()).unwrap_or(u64::MAX), restored, marked })
}

/// Whether there is anything for the sweep to do in any organization.
pub async fn any_due(db: &mut impl Connection, now: Timestamp) -> Result<bool> {
    let FlagTimes { now, soon, unused } = FlagTimes::at(now);
    let (not_soon, used) = (soon.saturating_add(SLACK_MICROS), unused.saturating_add(SLACK_MICROS));
    let (is_due,) = run!(db, ANY_DUE, [now, soon, not_soon, unused, used], fetch_one::<(bool,)>)?;
    Ok(is_due)
}
