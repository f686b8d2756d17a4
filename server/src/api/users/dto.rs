//! The JSON form of a user.

use model::Timestamp;
use model::email::Email;
use model::id::UserId;
use model::user::{Role, User, UserStatus};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A member.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct UserModel<'a> {
    user_id: &'a UserId,
    email: &'a Email,
    /// The name.
    #[schema(examples("Ada Lovelace"))]
    user_name: &'a str,
    /// The address of a picture.
    #[schema(required, examples("https://acme.example/ada.png"))]
    avatar_url: Option<&'a str>,
    /// What they may do.
    role: Role,
    /// Whether their keys work.
    status: UserStatus,
    /// Whatever your programs keep here.
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

/// A member to be added.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
pub(in crate::api) struct UserCreateRequest {
    email: Email,
    /// The name.
    #[schema(min_length = 2, max_length = 100, examples("Ada Lovelace"))]
    user_name: String,
    /// The address of a picture, http or https.
    #[schema(max_length = 2048, examples("https://acme.example/ada.png"))]
    avatar_url: Option<String>,
    /// What they may do; `member` when absent.
    role: Option<Role>,
    /// Whatever your programs want to keep here.
    metadata: Option<Map<String, Value>>,
}
