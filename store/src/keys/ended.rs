//! Keys whose owner has ended. They are stored as active until a batch has revoked them, and count as revoked all the same:
//! whoever reads a key reads it with `end_of!`, and what leads to keys by their stored status asks `is_ended!`.

use model::id::KeyId;
use model::key::{KeyOwner, KeyStatus, Revocation};

use super::moved::{Moved, note_moved, returning};
use crate::db::{Pair, Tx, run};
use crate::ends::OwnerEnd;
use crate::{Result, decode};

/// A column of the end that concerns a key: the first one after it was made.
macro_rules! end_of {
    ($key:literal, $column:literal) => {
        concat!(
            "CASE WHEN ",
            $key,
            ".status = 'active' THEN (SELECT e.",
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

/// Whether a key that is stored as active has ended with its owner. A scalar subquery, which PostgreSQL leaves where it is.
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

/// Revokes keys that ended with their owner, at most so many, and ends their earlier secrets. Says which: fewer than were asked
/// for are the last ones.
pub async fn revoke_ended(tx: &mut Tx, end: &OwnerEnd, most: u32) -> Result<Vec<KeyId>> {
    let sql = match &end.owner {
        KeyOwner::User(_) => OF_USER,
        KeyOwner::ServiceAccount(_) => OF_ACCOUNT,
    };
    let Revocation { at, by, reason } = &end.revocation;
    let by = by.as_ref().map(KeyOwner::as_str);
    let moved = run!(
        tx,
        sql,
        [at.micros(), by, reason, end.owner.as_str(), end.number, i64::from(most)],
        fetch_all::<Moved>
    )?;
    finish(tx, &moved).await
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
    const GRACES: Pair = Pair {
        sqlite: "DELETE FROM earlier_secrets WHERE key_id IN (SELECT value FROM json_each($1))",
        postgres: "DELETE FROM earlier_secrets WHERE key_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))",
    };
    note_moved(tx, moved, KeyStatus::Revoked).await?;
    let ids: Vec<_> = moved.iter().map(|key| key.key_id.as_str()).collect();
    let listed = decode::to_json(&ids, "keys' ids")?;
    run!(tx, GRACES, [&listed], execute)?;
    ids.into_iter().map(|id| decode::text(id.to_owned(), "a key's id")).collect()
}
