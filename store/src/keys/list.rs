//! One owner's keys.

use model::Timestamp;
use model::id::UserId;
use model::key::{Key, KeyOwner};

use super::row::{Row, columns};
use crate::Result;
use crate::db::{Connection, run};

/// A member's keys, newest first: those that are active at a moment, or all without one.
pub async fn list_of_user(
    db: &mut impl Connection,
    user: &UserId,
    active_at: Option<Timestamp>,
) -> Result<Vec<Key>> {
    const ACTIVE: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM keys k WHERE k.user_id = $1 AND k.status IN ('active', 'expired') AND k.ended_at IS NULL \
         AND (k.expires_at IS NULL OR k.expires_at > $2) ORDER BY k.created_at DESC, k.key_id DESC"
    );
    const ALL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM keys k WHERE k.user_id = $1 ORDER BY k.created_at DESC, k.key_id DESC"
    );
    let rows = match active_at {
        Some(now) => run!(db, ACTIVE, [user.as_str(), now.micros()], fetch_all::<Row>)?,
        None => run!(db, ALL, [user.as_str()], fetch_all::<Row>)?,
    };
    rows.into_iter().map(Key::try_from).collect()
}

/// Some keys of an owner: active ones in the order of the owner's index, because any other would tempt the database to walk
/// all keys in that order, and expired ones that would be valid again if the clock were set back.
macro_rules! unended {
    ($owner:literal) => {
        concat!(
            "SELECT * FROM (SELECT ",
            columns!(),
            " FROM keys k WHERE k.",
            $owner,
            " = $1 AND k.status = 'active' ORDER BY k.permissions, k.key_id LIMIT $2) AS active \
             UNION ALL SELECT * FROM (SELECT ",
            columns!(),
            " FROM keys k WHERE k.",
            $owner,
            " = $1 AND k.status = 'expired' AND k.ended_at IS NULL ORDER BY k.name LIMIT $2) AS expired"
        )
    };
}

/// Some keys of an owner that have not ended for good: at most `limit` of those that are stored as active, and of those
/// that are stored as expired.
pub async fn unended_of_owner(db: &mut impl Connection, owner: &KeyOwner, limit: u32) -> Result<Vec<Key>> {
    let sql = match owner {
        KeyOwner::User(_) => unended!("user_id"),
        KeyOwner::ServiceAccount(_) => unended!("service_account_id"),
    };
    let rows = run!(db, sql, [owner.as_str(), i64::from(limit)], fetch_all::<Row>)?;
    rows.into_iter().map(Key::try_from).collect()
}
