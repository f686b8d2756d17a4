//! Totals: the number of keys in each view of an organization, stored and updated with every change of a key. For a
//! single user the keys are counted, up to a bound.

use std::collections::BTreeMap;

use model::Timestamp;
use model::id::{OrganizationId, UserId};
use model::key::{Count, Key, KeyStatus, KeyTotals};

use super::ended::is_ended;
use super::ended_counts::{self, EndedCounts};
use super::expiry_flags::{ExpiryFlags, FlagTimes};
use crate::db::{Connection, Tx, build, run};
use crate::{Result, decode};

/// Selects a user's keys of one status, up to one more than are counted.
macro_rules! some_of_user {
    ($status:literal, $stored:literal, $condition:expr) => {
        concat!(
            "SELECT * FROM (SELECT '",
            $status,
            "' AS status, k.disabled_at, k.expires_at, k.rate_limit_override, k.last_used_at, k.created_at \
             FROM keys k WHERE k.user_id = $1 AND k.status = '",
            $stored,
            "'",
            $condition,
            " LIMIT $5) AS part"
        )
    };
}

/// Counting stops here and reports "or more".
pub(super) const COUNTED_MAX: u64 = 1000;

/// The parts for active keys that expire soon, and for active keys that have not been used for long.
pub(super) const EXPIRING: &str = "expiring";
pub(super) const UNUSED: &str = "unused";

/// The properties of a key that decide in which totals it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    pub status: KeyStatus,
    pub is_disabled: bool,
    pub never_expires: bool,
    pub is_unlimited: bool,
    pub flags: ExpiryFlags,
}

impl Facts {
    /// The facts of a key with this stored status.
    pub fn of(key: &Key, status: KeyStatus, flags: ExpiryFlags) -> Self {
        Self {
            status,
            is_disabled: key.disabled.is_some(),
            never_expires: key.fields.expires_at.is_none(),
            is_unlimited: key.fields.rate_limit_override.is_none(),
            flags,
        }
    }

    fn parts(self) -> impl Iterator<Item = &'static str> {
        let is_active = self.status == KeyStatus::Active;
        let parts = [
            (true, self.status.as_str()),
            (is_active && self.is_disabled, "disabled"),
            (is_active && self.never_expires, "never_expires"),
            (is_active && self.is_unlimited, "no_rate_limit"),
            (is_active && self.flags.is_expiring, EXPIRING),
            (is_active && self.flags.is_unused, UNUSED),
        ];
        parts.into_iter().filter_map(|(holds, part)| holds.then_some(part))
    }
}

/// Changes of totals, collected and written together. They are sorted, so that all transactions lock rows in the same
/// order and do not deadlock.
#[derive(Default)]
pub(super) struct TotalsDelta(BTreeMap<(String, &'static str), i64>);

impl TotalsDelta {
    /// Counts one more key.
    pub fn add(&mut self, organization: &str, facts: Facts) {
        self.change(organization, facts, 1);
    }

    /// Counts one key less.
    pub fn subtract(&mut self, organization: &str, facts: Facts) {
        self.change(organization, facts, -1);
    }

    fn change(&mut self, organization: &str, facts: Facts, by: i64) {
        for part in facts.parts() {
            self.change_part(organization, part, by);
        }
    }

    /// Changes a single part.
    pub fn change_part(&mut self, organization: &str, part: &'static str, by: i64) {
        *self.0.entry((organization.to_owned(), part)).or_default() += by;
    }

    pub async fn write(mut self, tx: &mut Tx) -> Result<()> {
        self.0.retain(|_, by| *by != 0);
        if self.0.is_empty() {
            return Ok(());
        }
        let slot = tx.slot;
        build!(
            tx,
            "INSERT INTO key_totals (organization_id, part, slot, n) ",
            |builder| {
                builder.push_values(&self.0, |mut row, ((organization, part), by)| {
                    row.push_bind(organization).push_bind(*part).push_bind(slot).push_bind(by);
                });
                builder.push(
                    " ON CONFLICT (organization_id, part, slot) DO UPDATE SET n = key_totals.n + excluded.n",
                );
            },
            execute
        )?;
        Ok(())
    }
}

/// How many keys of an organization are active at a moment: those that are stored as active, corrected by what the
/// sweep has not stored yet. Includes keys that were ended by an owner revocation and are still stored as active, which
/// [`count_ended`] counts.
pub async fn count_live(
    db: &mut impl Connection,
    organization: &OrganizationId,
    now: Timestamp,
) -> Result<u64> {
    const SQL: &str = concat!(
        "SELECT CAST(COALESCE(SUM(t.n), 0) AS BIGINT) \
         + (SELECT count(*) FROM keys k WHERE k.status = 'expired' AND k.ended_at IS NULL AND k.expires_at > $2 \
         AND k.organization_id = $1 AND NOT (",
        is_ended!("k"),
        ")) - (SELECT count(*) FROM keys k WHERE k.organization_id = $1 AND k.class IN (0, 2) \
         AND k.expires_order <= $2 AND NOT (",
        is_ended!("k"),
        ")) FROM key_totals t WHERE t.organization_id = $1 AND t.part = 'active'"
    );
    let (active,) = run!(db, SQL, [organization.as_str(), now.micros()], fetch_one::<(i64,)>)?;
    decode::number(active, "a number of keys")
}

/// How many of these keys were ended by an owner revocation. Counted up to a bound.
pub async fn count_ended(db: &mut impl Connection, organization: &OrganizationId) -> Result<u64> {
    Ok(ended_counts::count_ended(db, organization).await?.all)
}

/// How many keys each view has, as of the last sweep.
pub async fn totals(db: &mut impl Connection, organization: &OrganizationId) -> Result<KeyTotals> {
    Ok(totals_and_ended(db, organization).await?.0)
}

/// Like [`totals`], and also counts the keys that were ended by an owner revocation and are still stored as active.
pub(super) async fn totals_and_ended(
    db: &mut impl Connection,
    organization: &OrganizationId,
) -> Result<(KeyTotals, Option<EndedCounts>)> {
    const SQL: &str = "SELECT part, CAST(SUM(n) AS BIGINT) FROM key_totals WHERE organization_id = $1 GROUP BY part \
        UNION ALL SELECT 'ends', count(*) FROM owner_ends WHERE organization_id = $1";
    let mut ends = 0;
    let rows = run!(db, SQL, [organization.as_str()], fetch_all::<(String, i64)>)?;
    let mut totals = KeyTotals::default();
    for (part, number) in rows {
        let number: u64 = decode::number(number, "a number of keys")?;
        match part.as_str() {
            "active" => totals.active = exact(number),
            "disabled" => totals.disabled = exact(number),
            "expired" => totals.expired = exact(number),
            EXPIRING => totals.expiring = exact(number),
            "never_expires" => totals.never_expires = exact(number),
            "no_rate_limit" => totals.no_rate_limit = exact(number),
            "revoked" => totals.revoked = exact(number),
            UNUSED => totals.unused = exact(number),
            "ends" => ends = number,
            _ => {}
        }
    }
    if ends == 0 {
        return Ok((totals, None));
    }
    let ended = ended_counts::count_ended(db, organization).await?;
    Ok((ended.apply(totals), Some(ended)))
}

/// How many keys of one user each view has. The keys are counted, up to a bound for each status.
pub async fn totals_of_user(db: &mut impl Connection, user: &UserId, now: Timestamp) -> Result<KeyTotals> {
    const SQL: &str = concat!(
        "SELECT status, count(*), \
         CAST(SUM(CASE WHEN disabled_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN expires_at IS NULL THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN rate_limit_override IS NULL THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN expires_at > $2 AND expires_at < $3 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN COALESCE(last_used_at, created_at) <= $4 THEN 1 ELSE 0 END) AS BIGINT) \
         FROM (",
        some_of_user!("active", "active", concat!(" AND NOT (", is_ended!("k"), ")")),
        " UNION ALL ",
        some_of_user!("expired", "expired", ""),
        " UNION ALL ",
        some_of_user!("revoked", "revoked", ""),
        " UNION ALL ",
        some_of_user!(
            "revoked",
            "active",
            // If the owner was never revoked, no key is read.
            concat!(" AND EXISTS (SELECT 1 FROM owner_ends x WHERE x.owner_id = $1) AND ", is_ended!("k"))
        ),
        ") AS counted GROUP BY status"
    );
    let limit = i64::try_from(COUNTED_MAX + 1).unwrap_or(i64::MAX);
    let FlagTimes { now, soon, unused } = FlagTimes::at(now);
    let rows = run!(db, SQL, [user.as_str(), now, soon, unused, limit], fetch_all::<OfUser>)?;
    let mut totals = KeyTotals::default();
    for (status, all, disabled, never_expires, no_rate_limit, expiring, unused) in rows {
        let count = |number| decode::number(number, "a number of keys").map(bounded);
        match status.as_str() {
            "active" => {
                totals.active = count(all)?;
                totals.disabled = count(disabled)?;
                totals.never_expires = count(never_expires)?;
                totals.no_rate_limit = count(no_rate_limit)?;
                totals.expiring = count(expiring)?;
                totals.unused = count(unused)?;
            }
            "expired" => totals.expired = count(all)?,
            "revoked" => totals.revoked = count(all)?,
            _ => {}
        }
    }
    Ok(totals)
}

/// A status, its number of keys, and how many of them are disabled, never expire, have no rate limit, expire soon and
/// are unused.
type OfUser = (String, i64, i64, i64, i64, i64, i64);

fn exact(number: u64) -> Count {
    Count { number, or_more: false }
}

/// A count that stopped at [`COUNTED_MAX`] + 1 becomes [`COUNTED_MAX`] "or more".
pub(super) fn bounded(number: u64) -> Count {
    Count { number: number.min(COUNTED_MAX), or_more: number > COUNTED_MAX }
}
