//! Keys that are valid again because the clock was set back: a clock that was ahead had them stored as expired.
//!
//! Verdicts compare the time and never ask what is stored, so such a key works at once. Here the stored status follows, with
//! names, lists and totals. Nearly always there are none, which a look at one index tells.

use model::Timestamp;
use model::key::KeyStatus;

use super::ended::is_ended;
use super::graces::end_graces;
use super::moved::{Moved, note_moved, returning};
use crate::db::{Pair, Tx, run};
use crate::{Result, changes, decode, hash};

/// Ids of keys that are valid again, those that end first at first.
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

/// Whether such a key does not come back: its owner was ended, which the batches have not written into it yet, or its name is
/// held by another one, or by a newer one that is valid again too. Whoever gives a name to
/// another key ends the older one for good, but the version before this one did not. Subselects, and not `EXISTS`, because
/// PostgreSQL would answer that by looking at all keys if it believed that many are valid again.
macro_rules! displaced {
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

/// As with `change_due!`, however many sweep at the same time.
macro_rules! change_valid_again {
    ($change:literal, $and:expr, $returning:expr) => {
        Pair {
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

pub(super) const DISPLACED: Pair = change_valid_again!(
    "UPDATE keys SET ended_at = $1, version = version + 1 WHERE ended_at IS NULL AND ",
    concat!(" AND ", displaced!()),
    " RETURNING key_id, key_hash"
);
pub(super) const RESTORE: Pair = change_valid_again!(
    "UPDATE keys SET status = 'active', version = version + 1 WHERE status = 'expired' AND ",
    concat!(" AND NOT ", displaced!()),
    returning!()
);

/// Stores keys as active that are valid again, and ends those for good that do not come back; at most `limit` of
/// each. Says how many are active again.
pub(super) async fn restore(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<u64> {
    let displaced = run!(tx, DISPLACED, [now.micros(), i64::from(limit)], fetch_all::<(String, Vec<u8>)>)?;
    for (id, hash) in displaced {
        tx.touch(changes::secret(&hash::to_hex(&hash))?);
        end_graces(tx, &decode::text(id, "a key's id")?).await?;
    }
    let restored = run!(tx, RESTORE, [now.micros(), i64::from(limit)], fetch_all::<Moved>)?;
    note_moved(tx, &restored, KeyStatus::Expired, KeyStatus::Active).await?;
    Ok(u64::try_from(restored.len()).unwrap_or(u64::MAX))
}
