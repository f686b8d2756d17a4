//! Lists the keys of one user.

use model::Timestamp;
use model::id::UserId;
use model::key::Key;

use super::ended::is_ended;
use super::row::{Row, columns};
use crate::Result;
use crate::db::{Connection, run};

/// A user's keys, newest first: those that are active at a moment, or all keys if no moment is given.
pub async fn list_of_user(
    db: &mut impl Connection,
    user: &UserId,
    active_at: Option<Timestamp>,
) -> Result<Vec<Key>> {
    const ACTIVE: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM keys k WHERE k.user_id = $1 AND k.status IN ('active', 'expired') AND k.ended_at IS NULL \
         AND (k.expires_at IS NULL OR k.expires_at > $2) AND NOT (",
        is_ended!("k"),
        ") ORDER BY k.created_at DESC, k.key_id DESC"
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
