//! Keys that were stored as expired because a clock was ahead, and that are valid again after the clock was set back.
//!
//! Verdicts compare the time and do not use the stored status, so such a key works at once. This module updates the
//! stored status, and with it names, lists and totals. There are nearly always no such keys, which one lookup in an
//! index shows.

use model::Timestamp;
use model::key::KeyStatus;

use super::ended::is_ended;
use super::grace_periods::end_grace_periods;
use super::status_change::{ChangedKey, apply_status_change, returning};
use crate::db::{PerDatabase, Tx, run};
use crate::{Result, decode, hash, invalidations};

/// Selects keys that are valid again, earliest expiry first.
macro_rules! valid_again {
    ($and:expr, $moment:literal, $limit:literal) => {
        concat!(
            "SELECT d.key_id FROM keys d WHERE d.status = 'expired' AND d.ended_at IS NULL AND d.expires_at > ",
            $moment,
            $and,
            " ORDER BY d.expires_at, d.key_id LIMIT ",
            $limit
        )
    };
}

pub(super) use valid_again;

/// Whether a key that would be valid again stays ended. This is so if an owner revocation ended it and no batch has
/// stored that yet, or if its name belongs to an active key or to a newer key that is valid again too. When a name is
/// given to another key, this version ends the older key for good, but the previous version did not. Subselects are
/// used instead of `EXISTS`, for which PostgreSQL would read all keys if it expected many to be valid again.
macro_rules! replaced {
    () => {
        concat!("(", is_ended!("d"), " OR COALESCE((SELECT n.key_id FROM keys n WHERE n.user_id = d.user_id AND n.name = d.name \
         AND n.status = 'active' LIMIT 1), (SELECT n.key_id FROM keys n \
         WHERE n.service_account_id = d.service_account_id AND n.name = d.name AND n.status = 'active' LIMIT 1), \
         (SELECT n.key_id FROM keys n WHERE n.user_id = d.user_id AND n.name = d.name AND n.status = 'expired' \
         AND n.ended_at IS NULL AND n.expires_at > $1 AND (n.created_at, n.key_id) > (d.created_at, d.key_id) \
         LIMIT 1), (SELECT n.key_id FROM keys n WHERE n.service_account_id = d.service_account_id \
         AND n.name = d.name AND n.status = 'expired' AND n.ended_at IS NULL AND n.expires_at > $1 \
         AND (n.created_at, n.key_id) > (d.created_at, d.key_id) LIMIT 1)) IS NOT NULL)")
    };
}

/// Like `change_due!`, this changes each key once even if several sweeps run concurrently.
macro_rules! change_valid_again {
    ($change:literal, $and:expr, $returning:expr) => {
        PerDatabase {
            sqlite: concat!($change, "key_id IN (", valid_again!($and, "$1", "$2"), ")", $returning),
            postgres: concat!(
                $change,
                "key_id = ANY (ARRAY(",
                valid_again!($and, "$1", "$2"),
                " FOR UPDATE))",
                $returning
            ),
        }
    };
}

pub(super) const END_REPLACED: PerDatabase = change_valid_again!(
    "UPDATE keys SET ended_at = $1, version = version + 1 WHERE ended_at IS NULL AND ",
    concat!(" AND ", replaced!()),
    " RETURNING key_id, key_hash"
);
pub(super) const RESTORE: PerDatabase = change_valid_again!(
    "UPDATE keys SET status = 'active', version = version + 1 WHERE status = 'expired' AND ",
    concat!(" AND NOT ", replaced!()),
    returning!()
);

/// Stores keys that are valid again as active, and ends those that were replaced for good, at most `limit` of each.
/// Returns how many are active again.
pub(super) async fn restore(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<u64> {
    let displaced = run!(tx, END_REPLACED, [now.micros(), i64::from(limit)], fetch_all::<(String, Vec<u8>)>)?;
    for (id, hash) in displaced {
        tx.invalidate(invalidations::secret(&hash::to_hex(&hash))?);
        end_grace_periods(tx, &decode::text(id, "a key's id")?).await?;
    }
    let restored = run!(tx, RESTORE, [now.micros(), i64::from(limit)], fetch_all::<ChangedKey>)?;
    apply_status_change(tx, &restored, KeyStatus::Expired, KeyStatus::Active).await?;
    Ok(u64::try_from(restored.len()).unwrap_or(u64::MAX))
}
