//! The sweep: what the clock has ended is noted in the rows. Safety never waits for it, because every use of a key
//! compares the time; it frees names and keeps the totals right.

use model::Timestamp;
use model::id::OrganizationId;
use model::key::{KeyName, KeyOwner, KeyStatus};

use super::row::never;
use super::totals::{Facts, Tally};
use crate::Result;
use crate::db::{Connection, Tx, run};

macro_rules! ended {
    () => {
        "UPDATE keys SET status = 'expired', version = version + 1 WHERE status = 'active' AND "
    };
}

macro_rules! returning {
    () => {
        " RETURNING organization_id, key_id, search_text, disabled_at IS NOT NULL AS is_disabled, \
         rate_limit_override IS NULL AS is_unlimited"
    };
}

/// Notes that keys have expired, those that ended first at first, and forgets earlier secrets past their end; at most
/// `limit` of each. Says how many keys it were.
pub async fn expire_due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<u64> {
    const KEYS: &str = concat!(
        ended!(),
        "key_id IN (SELECT d.key_id FROM keys d WHERE d.status = 'active' AND d.expires_at <= $1 \
         ORDER BY d.expires_at, d.key_id LIMIT $2)",
        returning!()
    );
    const SECRETS: &str = "DELETE FROM earlier_secrets WHERE key_hash IN \
        (SELECT e.key_hash FROM earlier_secrets e WHERE e.valid_until <= $1 LIMIT $2)";
    let ended = run!(tx, KEYS, [now.micros(), i64::from(limit)], fetch_all::<Ended>)?;
    note(tx, &ended).await?;
    run!(tx, SECRETS, [now.micros(), i64::from(limit)], execute)?;
    Ok(u64::try_from(ended.len()).unwrap_or(u64::MAX))
}

/// Notes that the key of a name has expired, if it has; the name is then free.
pub async fn expire_named(tx: &mut Tx, owner: &KeyOwner, name: &KeyName, now: Timestamp) -> Result<()> {
    const OF_USER: &str = concat!(ended!(), "user_id = $1 AND name = $2 AND expires_at <= $3", returning!());
    const OF_ACCOUNT: &str =
        concat!(ended!(), "service_account_id = $1 AND name = $2 AND expires_at <= $3", returning!());
    let sql = match owner {
        KeyOwner::User(_) => OF_USER,
        KeyOwner::ServiceAccount(_) => OF_ACCOUNT,
    };
    let ended = run!(tx, sql, [owner.as_str(), name.as_str(), now.micros()], fetch_all::<Ended>)?;
    note(tx, &ended).await
}

/// Whether an organization has keys that have ended without a note.
pub async fn has_due(
    db: &mut impl Connection,
    organization: &OrganizationId,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = concat!(
        "SELECT key_id FROM keys WHERE organization_id = $1 AND status = 'active' AND COALESCE(expires_at, ",
        never!(),
        ") <= $2 LIMIT 1"
    );
    Ok(run!(db, SQL, [organization.as_str(), now.micros()], fetch_optional::<(String,)>)?.is_some())
}

/// Whether any organization has keys that have ended without a note.
pub async fn any_due(db: &mut impl Connection, now: Timestamp) -> Result<bool> {
    const SQL: &str = "SELECT key_id FROM keys WHERE status = 'active' AND expires_at <= $1 LIMIT 1";
    Ok(run!(db, SQL, [now.micros()], fetch_optional::<(String,)>)?.is_some())
}

#[derive(sqlx::FromRow)]
struct Ended {
    organization_id: String,
    key_id: String,
    search_text: String,
    is_disabled: bool,
    is_unlimited: bool,
}

/// Moves what was kept of active keys over to the expired ones.
async fn note(tx: &mut Tx, ended: &[Ended]) -> Result<()> {
    let (active, expired) = (KeyStatus::Active, KeyStatus::Expired);
    let mut tally = Tally::default();
    let mut terms = Vec::new();
    for Ended { organization_id, key_id, search_text, is_disabled, is_unlimited } in ended {
        terms.extend(super::terms::rows(organization_id, active.as_str(), key_id, search_text));
        let (is_disabled, is_unlimited) = (*is_disabled, *is_unlimited);
        let facts = Facts { status: active, is_disabled, never_expires: false, is_unlimited };
        tally.subtract(organization_id, facts);
        tally.add(organization_id, Facts { status: expired, ..facts });
    }
    super::terms::set_status(tx, &terms, expired.as_str()).await?;
    tally.write(tx).await
}
