//! Keys that were ended by an owner revocation. They are stored as active until a batch has revoked them, but count as
//! revoked at once. Statements that read keys therefore use `end_of!`, and statements that find keys by their stored
//! status use `is_ended!`.
//!
//! Keys that are stored as expired would become valid again if the clock were set back. An owner revocation ends them
//! for good. They count as ended for good at once, and the batches store it. They are still shown as expired.

use model::id::KeyId;
use model::key::{KeyOwner, KeyStatus, Revocation};

use super::status_change::{ChangedKey, apply_status_change, returning};
use crate::db::{PerDatabase, Tx, run};
use crate::owner_revocations::OwnerRevocation;
use crate::{Result, decode};

/// SQL for a column of the first owner revocation after the key was created, if the key has this stored status.
macro_rules! end_of {
    ($key:literal, $status:literal, $column:literal) => {
        concat!(
            "CASE WHEN ",
            $key,
            ".status = '",
            $status,
            "' THEN (SELECT e.",
            $column,
            " FROM owner_ends e WHERE e.owner_id = COALESCE(",
            $key,
            ".user_id, ",
            $key,
            ".service_account_id) AND e.number > COALESCE(",
            $key,
            ".after_end, 0) ORDER BY e.number LIMIT 1) END"
        )
    };
}

pub(super) use end_of;

/// SQL for whether a key that is stored as active or expired was ended by an owner revocation. It is a scalar subquery,
/// which PostgreSQL does not turn into a join.
macro_rules! is_ended {
    ($key:literal) => {
        concat!(
            "COALESCE((SELECT max(e.number) FROM owner_ends e WHERE e.owner_id = COALESCE(",
            $key,
            ".user_id, ",
            $key,
            ".service_account_id)), 0) > COALESCE(",
            $key,
            ".after_end, 0)"
        )
    };
}

pub(super) use is_ended;

macro_rules! revoked {
    () => {
        "UPDATE keys SET status = 'revoked', revoked_at = $1, revoked_by = $2, revoked_reason = $3, \
         version = version + 1 WHERE "
    };
}

macro_rules! some {
    ($owner:literal) => {
        concat!(
            "SELECT d.key_id FROM keys d WHERE d.",
            $owner,
            " = $4 AND d.status = 'active' AND COALESCE(d.after_end, 0) < $5 ORDER BY d.permissions, d.key_id LIMIT $6"
        )
    };
}

/// Revokes some keys of an owner, in the order of the index on owners. On PostgreSQL, the array keeps the planner from
/// choosing another index.
macro_rules! revoke {
    ($owner:literal) => {
        PerDatabase {
            sqlite: concat!(revoked!(), "key_id IN (", some!($owner), ")", returning!()),
            postgres: concat!(
                revoked!(),
                "key_id = ANY (ARRAY(",
                some!($owner),
                " FOR UPDATE))",
                returning!()
            ),
        }
    };
}

pub(super) const OF_USER: PerDatabase = revoke!("user_id");
pub(super) const OF_ACCOUNT: PerDatabase = revoke!("service_account_id");

macro_rules! finalized {
    () => {
        "UPDATE keys SET ended_at = $1, version = version + 1 WHERE status = 'expired' AND ended_at IS NULL AND "
    };
}

/// Selects some expired keys of an owner that could become valid again, in the order of an index that contains only
/// such keys. There are few of them.
macro_rules! some_expired {
    ($owner:literal) => {
        concat!(
            "SELECT d.key_id FROM keys d WHERE d.",
            $owner,
            " = $2 AND d.status = 'expired' AND d.ended_at IS NULL AND COALESCE(d.after_end, 0) < $3 \
             ORDER BY d.name LIMIT $4"
        )
    };
}

macro_rules! finalize {
    ($owner:literal) => {
        PerDatabase {
            sqlite: concat!(finalized!(), "key_id IN (", some_expired!($owner), ") RETURNING key_id"),
            postgres: concat!(
                finalized!(),
                "key_id = ANY (ARRAY(",
                some_expired!($owner),
                " FOR UPDATE)) RETURNING key_id"
            ),
        }
    };
}

pub(super) const EXPIRED_OF_USER: PerDatabase = finalize!("user_id");
pub(super) const EXPIRED_OF_ACCOUNT: PerDatabase = finalize!("service_account_id");

/// The result of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedBatch {
    /// The keys that were stored as revoked.
    pub revoked: Vec<KeyId>,
    /// Whether no key is left for this owner revocation.
    pub is_last: bool,
}

/// Revokes at most `most` keys that were ended by an owner revocation, and ends the expired ones among them for good.
/// Deletes their earlier secrets.
pub async fn revoke_ended(tx: &mut Tx, end: &OwnerRevocation, most: u32) -> Result<EndedBatch> {
    let mut left = usize::try_from(most).unwrap_or(usize::MAX);
    // A transaction that read a key before the owner revocation may store it as active or expired between two of these
    // statements. The sweep never stores such a key as active. So a key that one of the statements misses is found by a
    // later one.
    left = left.saturating_sub(end_expired(tx, end, left).await?);
    let revoked = if left > 0 { revoke_active(tx, end, left).await? } else { Vec::new() };
    left = left.saturating_sub(revoked.len());
    if left > 0 {
        left = left.saturating_sub(end_expired(tx, end, left).await?);
    }
    Ok(EndedBatch { revoked, is_last: left > 0 })
}

async fn revoke_active(tx: &mut Tx, end: &OwnerRevocation, most: usize) -> Result<Vec<KeyId>> {
    let sql = match &end.owner {
        KeyOwner::User(_) => OF_USER,
        KeyOwner::ServiceAccount(_) => OF_ACCOUNT,
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let Revocation { at, by, reason } = &end.revocation;
    let by = by.as_ref().map(KeyOwner::as_str);
    let moved = run!(
        tx,
        sql,
        [at.micros(), by, reason, end.owner.as_str(), end.number, most],
        fetch_all::<ChangedKey>
    )?;
    finish(tx, &moved).await
}

/// Ends expired keys for good. Returns how many.
async fn end_expired(tx: &mut Tx, end: &OwnerRevocation, most: usize) -> Result<usize> {
    let sql = match &end.owner {
        KeyOwner::User(_) => EXPIRED_OF_USER,
        KeyOwner::ServiceAccount(_) => EXPIRED_OF_ACCOUNT,
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let at = end.revocation.at.micros();
    let ended = run!(tx, sql, [at, end.owner.as_str(), end.number, most], fetch_all::<(String,)>)?;
    let ids: Vec<_> = ended.iter().map(|(id,)| id.as_str()).collect();
    delete_grace_periods(tx, &ids).await?;
    Ok(ids.len())
}

/// Revokes one key that was ended by an owner revocation. Returns false if this owner revocation did not end the key,
/// or if the key is not stored as active.
pub async fn revoke_ended_key(tx: &mut Tx, end: &OwnerRevocation, key: &KeyId) -> Result<bool> {
    const SQL: &str = concat!(
        revoked!(),
        "key_id = $4 AND status = 'active' AND COALESCE(after_end, 0) < $5",
        returning!()
    );
    let Revocation { at, by, reason } = &end.revocation;
    let by = by.as_ref().map(KeyOwner::as_str);
    let moved = run!(tx, SQL, [at.micros(), by, reason, key.as_str(), end.number], fetch_all::<ChangedKey>)?;
    Ok(!finish(tx, &moved).await?.is_empty())
}

/// Updates search terms and totals, and deletes earlier secrets. Causes no invalidations, because the verdicts on these
/// keys and their earlier secrets have been the same since the owner revocation.
async fn finish(tx: &mut Tx, moved: &[ChangedKey]) -> Result<Vec<KeyId>> {
    apply_status_change(tx, moved, KeyStatus::Active, KeyStatus::Revoked).await?;
    let ids: Vec<_> = moved.iter().map(|key| key.key_id.as_str()).collect();
    delete_grace_periods(tx, &ids).await?;
    ids.into_iter().map(|id| decode::text(id.to_owned(), "a key's id")).collect()
}

async fn delete_grace_periods(tx: &mut Tx, keys: &[&str]) -> Result<()> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "DELETE FROM earlier_secrets WHERE key_id IN (SELECT value FROM json_each($1))",
        postgres: "DELETE FROM earlier_secrets WHERE key_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))",
    };
    if keys.is_empty() {
        return Ok(());
    }
    let listed = decode::to_json(&keys, "keys' ids")?;
    run!(tx, SQL, [&listed], execute)?;
    Ok(())
}
