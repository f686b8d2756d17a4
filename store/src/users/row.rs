//! The row of a user.

use model::Timestamp;
use model::id::AccountId;
use model::user::{Role, User, UserStatus};

use crate::{Error, Result, decode};

/// The columns that are read and written. A new column is added here, and converted in [`Stored::of`] and in the
/// conversion of the row.
macro_rules! stored {
    ($make:ident!($($of:tt)+)) => {
        $crate::db::$make! { $($of)+ {
            fixed user_id: String,
            fixed organization_id: String,
            fixed account_id: Option<String>,
            fixed email: String,
            set user_name: String,
            set avatar_url: Option<String>,
            set role: String,
            set status: String,
            set metadata: String,
            fixed created_at: i64,
            set updated_at: i64,
        } }
    };
}

stored!(row!(Stored));

/// The columns of [`Stored`], for a table with alias `u`.
macro_rules! columns {
    () => {
        $crate::users::row::stored!(select_only!("u"))
    };
}

pub(super) use {columns, stored};

impl TryFrom<Stored> for User {
    type Error = Error;

    fn try_from(row: Stored) -> Result<Self> {
        let Stored {
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

impl Stored {
    /// The row of a user, with the account if the user can sign in.
    pub fn of(user: &User, account: Option<&AccountId>) -> Result<Self> {
        let User {
            user_id,
            organization_id,
            email,
            user_name,
            avatar_url,
            role,
            status,
            metadata,
            can_sign_in: _,
            created_at,
            updated_at,
        } = user;
        Ok(Self {
            user_id: user_id.as_str().to_owned(),
            organization_id: organization_id.as_str().to_owned(),
            account_id: account.map(|id| id.as_str().to_owned()),
            email: email.as_str().to_owned(),
            user_name: user_name.clone(),
            avatar_url: avatar_url.clone(),
            role: role.as_str().to_owned(),
            status: status.as_str().to_owned(),
            metadata: decode::to_json(metadata, "metadata")?,
            created_at: created_at.micros(),
            updated_at: updated_at.micros(),
        })
    }
}
