//! One member's keys.

use model::id::UserId;
use model::key::Key;

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
