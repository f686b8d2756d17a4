//! The part of the sweep that stores expiry flags.

use model::Timestamp;

use super::expiry_flags::{FlagTimes, SLACK_MICROS, change_due};
use super::totals::{EXPIRING, TotalsDelta, UNUSED};
use crate::Result;
use crate::db::{PerDatabase, Tx, run};

macro_rules! set_flag {
    ($change:literal, $due:ident) => {
        change_due!(concat!("UPDATE keys SET ", $change, " WHERE "), $due, " RETURNING organization_id")
    };
}

pub(super) const SET_EXPIRING: PerDatabase = set_flag!("is_expiring = TRUE", soon);
pub(super) const CLEAR_EXPIRING: PerDatabase = set_flag!("is_expiring = FALSE", not_soon);
pub(super) const SET_UNUSED: PerDatabase = set_flag!("is_unused = TRUE", unused);
pub(super) const CLEAR_UNUSED: PerDatabase = set_flag!("is_unused = FALSE", used);

/// Sets and clears flags, at most `limit` of each kind. Returns the number of changed flags.
pub(super) async fn update_due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<u64> {
    let FlagTimes { now: _, soon, unused } = FlagTimes::at(now);
    let mut tally = TotalsDelta::default();
    let mut marked = 0;
    for (sql, moment, part, by) in [
        (SET_EXPIRING, soon, EXPIRING, 1),
        (CLEAR_EXPIRING, soon.saturating_add(SLACK_MICROS), EXPIRING, -1),
        (SET_UNUSED, unused, UNUSED, 1),
        (CLEAR_UNUSED, unused.saturating_add(SLACK_MICROS), UNUSED, -1),
    ] {
        for (organization,) in run!(tx, sql, [moment, i64::from(limit)], fetch_all::<(String,)>)? {
            tally.change_part(&organization, part, by);
            marked += 1;
        }
    }
    tally.write(tx).await?;
    Ok(marked)
}
