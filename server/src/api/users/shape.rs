//! A member on the wire.

use model::Timestamp;
use model::email::Email;
use model::id::UserId;
use model::user::{Role, User, UserStatus};
use serde::Serialize;
use serde_json::{Map, Value};

/// A member.
#[derive(Serialize)]
pub(in crate::api) struct UserModel<'a> {
    user_id: &'a UserId,
    email: &'a Email,
    user_name: &'a str,
    avatar_url: Option<&'a str>,
    role: Role,
    status: UserStatus,
    metadata: &'a Map<String, Value>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl<'a> From<&'a User> for UserModel<'a> {
    fn from(user: &'a User) -> Self {
        let User {
            user_id,
            organization_id: _the_callers_own,
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
        Self {
            user_id,
            email,
            user_name,
            avatar_url: avatar_url.as_deref(),
            role: *role,
            status: *status,
            metadata,
            created_at: *created_at,
            updated_at: *updated_at,
        }
    }
}
