//! Keys whose owner has ended. They are stored as active until a batch has revoked them, and count as revoked all the same:
//! whoever reads a key reads it with `end_of!`, and what leads to keys by their stored status asks `is_ended!`.
//!
//! Keys that are stored as expired would be valid again if the clock were set back. With their owner they end for good: they
//! count as such at once, and the batches write it into their rows. They are still shown as expired.

use model::id::KeyId;
use model::key::{KeyOwner, KeyStatus, Revocation};

use super::moved::{Moved, note_moved, returning};
use crate::db::{Pair, Tx, run};
use crate::ends::OwnerEnd;
use crate::{Result, decode};

/// A column of the end that concerns a key of a stored status: the first one after it was made.
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

/// Whether a key that is stored as active or expired has ended with its owner. A scalar subquery, which PostgreSQL leaves where it is.
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

/// Revokes some keys of an owner, in the order of the owner's index: on PostgreSQL by an array, which leaves no choice of plan.
macro_rules! revoke {
    ($owner:literal) => {
        Pair {
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

pub(super) const OF_USER: Pair = revoke!("user_id");
pub(super) const OF_ACCOUNT: Pair = revoke!("service_account_id");

macro_rules! finalized {
    () => {
        "UPDATE keys SET ended_at = $1, version = version + 1 WHERE status = 'expired' AND ended_at IS NULL AND "
    };
}

/// In the order of the index that has only what may come back, which mostly is next to nothing.
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
        Pair {
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

pub(super) const EXPIRED_OF_USER: Pair = finalize!("user_id");
pub(super) const EXPIRED_OF_ACCOUNT: Pair = finalize!("service_account_id");

/// What a batch did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedBatch {
    /// Keys that are stored as revoked now.
    pub revoked: Vec<KeyId>,
    /// Whether no key of the end is left.
    pub is_last: bool,
}

/// Revokes keys that ended with their owner, and makes the end of those final that had expired; at most so many. Their earlier
/// secrets end.
pub async fn revoke_ended(tx: &mut Tx, end: &OwnerEnd, most: u32) -> Result<EndedBatch> {
    let mut left = usize::try_from(most).unwrap_or(usize::MAX);
    // Somebody who had read a key before the end may store it as active, or as expired, between two of these statements. The
    // sweep does not store it as active. So whatever one of them passes by, a later one meets.
    left = left.saturating_sub(end_expired(tx, end, left).await?);
    let revoked = if left > 0 { revoke_active(tx, end, left).await? } else { Vec::new() };
    left = left.saturating_sub(revoked.len());
    if left > 0 {
        left = left.saturating_sub(end_expired(tx, end, left).await?);
    }
    Ok(EndedBatch { revoked, is_last: left > 0 })
}

async fn revoke_active(tx: &mut Tx, end: &OwnerEnd, most: usize) -> Result<Vec<KeyId>> {
    let sql = match &end.owner {
        KeyOwner::User(_) => OF_USER,
        KeyOwner::ServiceAccount(_) => OF_ACCOUNT,
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let Revocation { at, by, reason } = &end.revocation;
    let by = by.as_ref().map(KeyOwner::as_str);
    let moved =
        run!(tx, sql, [at.micros(), by, reason, end.owner.as_str(), end.number, most], fetch_all::<Moved>)?;
    finish(tx, &moved).await
}

/// Says how many.
async fn end_expired(tx: &mut Tx, end: &OwnerEnd, most: usize) -> Result<usize> {
    let sql = match &end.owner {
        KeyOwner::User(_) => EXPIRED_OF_USER,
        KeyOwner::ServiceAccount(_) => EXPIRED_OF_ACCOUNT,
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let at = end.revocation.at.micros();
    let ended = run!(tx, sql, [at, end.owner.as_str(), end.number, most], fetch_all::<(String,)>)?;
    let ids: Vec<_> = ended.iter().map(|(id,)| id.as_str()).collect();
    forget_graces(tx, &ids).await?;
    Ok(ids.len())
}

/// The same of one key; false if it did not end with its owner, or has been revoked.
pub async fn revoke_ended_key(tx: &mut Tx, end: &OwnerEnd, key: &KeyId) -> Result<bool> {
    const SQL: &str = concat!(
        revoked!(),
        "key_id = $4 AND status = 'active' AND COALESCE(after_end, 0) < $5",
        returning!()
    );
    let Revocation { at, by, reason } = &end.revocation;
    let by = by.as_ref().map(KeyOwner::as_str);
    let moved = run!(tx, SQL, [at.micros(), by, reason, key.as_str(), end.number], fetch_all::<Moved>)?;
    Ok(!finish(tx, &moved).await?.is_empty())
}

/// Nothing is touched: verdicts on these keys and on their earlier secrets have been what they are since the owner's end.
async fn finish(tx: &mut Tx, moved: &[Moved]) -> Result<Vec<KeyId>> {
    note_moved(tx, moved, KeyStatus::Active, KeyStatus::Revoked).await?;
    let ids: Vec<_> = moved.iter().map(|key| key.key_id.as_str()).collect();
    forget_graces(tx, &ids).await?;
    ids.into_iter().map(|id| decode::text(id.to_owned(), "a key's id")).collect()
}

async fn forget_graces(tx: &mut Tx, keys: &[&str]) -> Result<()> {
    const SQL: Pair = Pair {
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
