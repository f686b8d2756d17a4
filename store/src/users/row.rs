//! The row of a user.

use model::Timestamp;
use model::user::{Role, User, UserStatus};

use crate::{Error, Result, decode};

/// The columns of [`Row`], for a table with alias `u`.
macro_rules! columns {
    () => {
        "u.user_id, u.organization_id, u.account_id, u.email, u.user_name, u.avatar_url, u.role, u.status, \
         u.metadata, u.created_at, u.updated_at"
    };
}

pub(super) use columns;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    user_id: String,
    organization_id: String,
    account_id: Option<String>,
    email: String,
    user_name: String,
    avatar_url: Option<String>,
    role: String,
    status: String,
    metadata: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for User {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row {
            user_id,
            organization_id,
            account_id,
            email,
            user_name,
            avatar_url,
            role,
            status,
            metadata,
            created_at,
            updated_at,
        } = row;
        Ok(Self {
            user_id: decode::text(user_id, "a member's id")?,
            organization_id: decode::text(organization_id, "a member's organization")?,
            email: decode::text(email, "a member's e-mail address")?,
            user_name,
            avatar_url,
            role: decode::word(Role::from_word(&role), "a member's role")?,
            status: decode::word(UserStatus::from_word(&status), "a member's status")?,
            metadata: decode::json(&metadata, "a member's metadata")?,
            can_sign_in: account_id.is_some(),
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
        })
    }
}
