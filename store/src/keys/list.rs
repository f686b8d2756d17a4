//! One owner's keys.

use model::id::UserId;
use model::key::{Key, KeyOwner};

use super::row::{Row, columns};
use crate::Result;
use crate::db::{Connection, run};

/// A member's keys, newest first; those stored as expired and revoked only if asked for.
pub async fn list_of_user(db: &mut impl Connection, user: &UserId, include_ended: bool) -> Result<Vec<Key>> {
    const ACTIVE: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM keys k WHERE k.user_id = $1 AND k.status = 'active' ORDER BY k.created_at DESC, k.key_id DESC"
    );
    const ALL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM keys k WHERE k.user_id = $1 ORDER BY k.created_at DESC, k.key_id DESC"
    );
    let sql = if include_ended { ALL } else { ACTIVE };
    let rows = run!(db, sql, [user.as_str()], fetch_all::<Row>)?;
    rows.into_iter().map(Key::try_from).collect()
}

/// Some keys of an owner that are stored as active, in the order of the owner's index: any other would tempt the
/// database to walk all keys in that order.
pub async fn active_of_owner(db: &mut impl Connection, owner: &KeyOwner, limit: u32) -> Result<Vec<Key>> {
    const OF_USER: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM keys k WHERE k.user_id = $1 AND k.status = 'active' ORDER BY k.permissions, k.key_id LIMIT $2"
    );
    const OF_ACCOUNT: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM keys k WHERE k.service_account_id = $1 AND k.status = 'active' \
         ORDER BY k.permissions, k.key_id LIMIT $2"
    );
    let sql = match owner {
        KeyOwner::User(_) => OF_USER,
        KeyOwner::ServiceAccount(_) => OF_ACCOUNT,
    };
    let rows = run!(db, sql, [owner.as_str(), i64::from(limit)], fetch_all::<Row>)?;
    rows.into_iter().map(Key::try_from).collect()
}
