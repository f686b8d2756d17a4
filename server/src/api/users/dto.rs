//! The JSON form of a user.

use model::Timestamp;
use model::email::Email;
use model::id::UserId;
use model::user::{Role, User, UserDraft, UserStatus};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::api::http::json::request_body;

/// A user of the organization.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct UserModel<'a> {
    user_id: &'a UserId,
    email: &'a Email,
    /// The name.
    #[schema(examples("Ada Lovelace"))]
    user_name: &'a str,
    /// The URL of a picture.
    #[schema(required, examples("https://acme.example/ada.png"))]
    avatar_url: Option<&'a str>,
    /// The role of the user.
    role: Role,
    /// The status of the user. The keys of a user work only while the status is `active`.
    status: UserStatus,
    /// The data that your programs have stored.
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

request_body! {
    /// A user to add.
    pub(in crate::api) struct UserCreateRequest for UserDraft {
        email: Email = text,
        /// The name.
        #[schema(min_length = 2, max_length = 100, examples("Ada Lovelace"))]
        user_name: String = text,
        /// The URL of a picture, with http or https.
        #[schema(max_length = 2048, examples("https://acme.example/ada.png"))]
        avatar_url: Option<String> = text or null,
        /// The role of the user. The default is `member`.
        role: Option<Role> = text or null,
        /// Any data that your programs want to store.
        metadata: Option<Map<String, Value>> = map or null,
    }
}
