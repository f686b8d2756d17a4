//! How many keys a service account has, and when one of them was last used.

use model::Timestamp;
use model::id::ServiceAccountId;
use model::key::Count;
use model::service_account::AccountUse;

use super::ended::is_ended;
use super::totals::{COUNTED_MAX, bounded};
use crate::db::{Connection, PerDatabase, run};
use crate::{Result, decode};

/// Selects an account's active keys, up to one more than are counted. It is used inside a subselect for each account
/// `a.id`. The second part finds keys that were stored as expired because a clock was ahead. It only looks at the first
/// ones that the sweep would find, because there are nearly always none, and it must not read all expired keys of the
/// account.
macro_rules! some_keys {
    () => {
        concat!(
            "SELECT r.key_id, r.last_used_at FROM keys r WHERE r.service_account_id = a.id AND r.status = 'active' \
             AND (r.expires_at IS NULL OR r.expires_at > $3) AND NOT (",
            is_ended!("r"),
            ") UNION ALL SELECT v.key_id, v.last_used_at FROM (SELECT d.key_id, d.last_used_at, d.user_id, \
             d.service_account_id, d.after_end FROM keys d WHERE d.status = 'expired' AND d.ended_at IS NULL \
             AND d.expires_at > $3 ORDER BY d.expires_at, d.key_id LIMIT $2) AS v WHERE v.service_account_id = a.id AND NOT (",
            is_ended!("v"),
            ") LIMIT $2"
        )
    };
}

macro_rules! uses_of {
    ($ids:literal) => {
        concat!(
            "SELECT a.id, (SELECT count(*) FROM (",
            some_keys!(),
            ") AS counted), (SELECT max(used.last_used_at) FROM (",
            some_keys!(),
            ") AS used), (SELECT max(e.last_used_at) FROM earlier_secrets e \
             WHERE e.valid_until > $3 AND e.key_id IN (SELECT earlier.key_id FROM (",
            some_keys!(),
            ") AS earlier)) FROM (SELECT value AS id FROM ",
            $ids,
            ") AS a"
        )
    };
}

pub(super) const USES: PerDatabase = PerDatabase {
    sqlite: uses_of!("json_each($1)"),
    postgres: uses_of!("jsonb_array_elements_text($1::jsonb)"),
};

/// The use of each account, in no particular order. The last use is left out if there are more keys than are counted.
pub async fn uses_of_service_accounts(
    db: &mut impl Connection,
    ids: &[ServiceAccountId],
    now: Timestamp,
) -> Result<Vec<(ServiceAccountId, AccountUse)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = decode::to_json(&ids, "service accounts' ids")?;
    let limit = i64::try_from(COUNTED_MAX + 1).unwrap_or(i64::MAX);
    let rows = run!(db, USES, [&ids, limit, now.micros()], fetch_all::<Row>)?;
    rows.into_iter().map(to_use).collect()
}

type Row = (String, i64, Option<i64>, Option<i64>);

fn to_use((id, keys, last_used_at, earlier_used_at): Row) -> Result<(ServiceAccountId, AccountUse)> {
    let keys: Count = bounded(decode::number(keys, "a number of keys")?);
    let last_used_at = decode::time(last_used_at.max(earlier_used_at)).filter(|_| !keys.or_more);
    Ok((decode::text(id, "a service account's id")?, AccountUse { keys, last_used_at }))
}
