//! Lists the keys of one user, part by part.

use model::Timestamp;
use model::id::UserId;
use model::key::{Key, KeyCursor};

use super::ended::is_ended;
use super::row::{Row, columns};
use crate::Result;
use crate::db::{BuiltStatement, Connection, run};

/// The end of the statement of each class: the keys after the cursor. PostgreSQL has to be told that they are sorted.
macro_rules! after {
    () => {
        " AND (r.created_at, r.key_id) < ($3, $4){postgres: ORDER BY r.created_at DESC, r.key_id DESC LIMIT $5) AS part}"
    };
}

/// Selects the keys of one class, in the order of their index.
macro_rules! of_class {
    ($class:literal, $condition:expr) => {
        concat!(
            "{postgres:SELECT * FROM (}SELECT r.* FROM keys r WHERE r.user_id = $1 AND r.class = ",
            $class,
            $condition,
            after!()
        )
    };
}

macro_rules! of_active_class {
    ($class:literal) => {
        of_class!(
            $class,
            concat!(" AND (r.expires_at IS NULL OR r.expires_at > $2) AND NOT (", is_ended!("r"), ")")
        )
    };
}

/// Selects keys that are stored as expired but are still valid, because a clock was ahead. The whole database nearly
/// always contains none of them, so they are looked up first.
macro_rules! valid_again {
    () => {
        concat!(
            "{postgres:SELECT * FROM (}SELECT r.* FROM (SELECT d.key_id FROM keys d WHERE d.status = 'expired' \
             AND d.ended_at IS NULL AND d.expires_at > $2) AS c {key_of_c} AND r.user_id = $1 \
             AND r.status = 'expired' AND r.ended_at IS NULL AND r.expires_at > $2 AND NOT (",
            is_ended!("r"),
            ")",
            after!()
        )
    };
}

macro_rules! page {
    ($parts:expr) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM (",
            $parts,
            " ORDER BY created_at DESC, key_id DESC LIMIT $5) AS k ORDER BY k.created_at DESC, k.key_id DESC"
        )
    };
}

pub(super) const ACTIVE: &str = page!(concat!(
    of_active_class!("0"),
    " UNION ALL ",
    of_active_class!("1"),
    " UNION ALL ",
    of_active_class!("2"),
    " UNION ALL ",
    of_active_class!("3"),
    " UNION ALL ",
    valid_again!()
));
pub(super) const ALL: &str = page!(concat!(
    of_class!("0", ""),
    " UNION ALL ",
    of_class!("1", ""),
    " UNION ALL ",
    of_class!("2", ""),
    " UNION ALL ",
    of_class!("3", ""),
    " UNION ALL ",
    of_class!("4", ""),
    " UNION ALL ",
    of_class!("5", "")
));

/// At most `limit` keys of a user, newest first: those that are active at a moment, or all keys if no moment is given.
/// The list starts after a cursor of the order by creation, or with the newest key. The creation time and the id of a
/// key never change, so the key keeps its place.
pub async fn list_of_user(
    db: &mut impl Connection,
    user: &UserId,
    active_at: Option<Timestamp>,
    after: Option<&KeyCursor>,
    limit: u32,
) -> Result<Vec<Key>> {
    let sql = BuiltStatement::marked(if active_at.is_some() { ACTIVE } else { ALL });
    let now = active_at.map_or(0, Timestamp::micros);
    let after = after.and_then(|cursor| Some((cursor.value.parse().ok()?, cursor.key_id.as_str())));
    let (created_at, key_id): (i64, &str) = after.unwrap_or((i64::MAX, ""));
    let rows = run!(db, sql, [user.as_str(), now, created_at, key_id, i64::from(limit)], fetch_all::<Row>)?;
    rows.into_iter().map(Key::try_from).collect()
}
