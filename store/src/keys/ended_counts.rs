//! Counts keys that were ended by an owner revocation and are still stored as active. The stored totals count them as
//! active, so these keys are counted one by one, up to a bound. Usually there are none.

use model::id::OrganizationId;
use model::key::{Count, KeyTotals};

use super::ended::is_ended;
use crate::db::{BuiltStatement, Connection, run};
use crate::{Result, decode};

/// The bound for counting. Beyond it, totals are lower bounds.
pub(super) const ENDED_COUNTED_MAX: u64 = 10_000;

macro_rules! ended_rows {
    ($keys:literal) => {
        concat!(
            "(SELECT DISTINCT x.owner_id FROM owner_ends x WHERE x.organization_id = $1) AS o ",
            $keys,
            " AND ",
            is_ended!("r")
        )
    };
}

/// The rows `r` of an organization's ended keys: those of users, and those of service accounts.
pub(super) const ENDED_ROWS: [&str; 2] = [ended_rows!("{keys_of_users}"), ended_rows!("{keys_of_accounts}")];

/// The number of ended keys in each view.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EndedCounts {
    /// [`ENDED_COUNTED_MAX`] + 1 means that there may be more.
    pub all: u64,
    disabled: u64,
    never_expires: u64,
    no_rate_limit: u64,
    expiring: u64,
    unused: u64,
}

pub(super) async fn count_ended(
    db: &mut impl Connection,
    organization: &OrganizationId,
) -> Result<EndedCounts> {
    let some = ENDED_ROWS.map(|rows| {
        format!(
            "SELECT * FROM (SELECT r.disabled_at, r.expires_at, r.rate_limit_override, r.is_expiring, r.is_unused \
             FROM {rows} LIMIT {limit}) AS ended",
            limit = ENDED_COUNTED_MAX + 1
        )
    });
    let sum = |condition: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS BIGINT)")
    };
    let sums =
        ["disabled_at IS NOT NULL", "expires_at IS NULL", "rate_limit_override IS NULL", "is_expiring"];
    let sql = format!(
        "SELECT count(*), {}, {} FROM ({}) AS counted",
        sums.map(sum).join(", "),
        sum("is_unused"),
        some.join(" UNION ALL ")
    );
    let row = run!(
        db,
        BuiltStatement::marked(&sql),
        [organization.as_str()],
        fetch_one::<(i64, i64, i64, i64, i64, i64)>
    )?;
    let number = |number| decode::number(number, "a number of keys");
    Ok(EndedCounts {
        all: number(row.0)?,
        disabled: number(row.1)?,
        never_expires: number(row.2)?,
        no_rate_limit: number(row.3)?,
        expiring: number(row.4)?,
        unused: number(row.5)?,
    })
}

impl EndedCounts {
    /// Moves these keys from the active ones to the revoked ones. If there are too many to count, the number of
    /// remaining active keys is unknown.
    pub fn apply(self, totals: KeyTotals) -> KeyTotals {
        let is_more = self.all > ENDED_COUNTED_MAX;
        let less = |total: Count, ended: u64| {
            if is_more {
                Count { number: 0, or_more: total.number > 0 }
            } else {
                Count { number: total.number.saturating_sub(ended), ..total }
            }
        };
        let KeyTotals { active, expiring, unused, never_expires, no_rate_limit, disabled, expired, revoked } =
            totals;
        KeyTotals {
            active: less(active, self.all),
            expiring: less(expiring, self.expiring),
            unused: less(unused, self.unused),
            never_expires: less(never_expires, self.never_expires),
            no_rate_limit: less(no_rate_limit, self.no_rate_limit),
            disabled: less(disabled, self.disabled),
            expired,
            revoked: Count { number: revoked.number + self.all, or_more: revoked.or_more || is_more },
        }
    }
}
