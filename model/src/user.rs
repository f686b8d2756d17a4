//! Users of an organization: who may own keys, and what each user may do.

use serde_json::{Map, Value};

use crate::email::Email;
use crate::field::{FieldError, FieldErrors, Rule};
use crate::id::{OrganizationId, UserId};
use crate::key::{Change, Permission};
use crate::metadata::check_values;
use crate::picture_url::{check_url, check_url_change};
use crate::string_enum::string_enum;
use crate::text::check_line;
use crate::time::Timestamp;

/// Shortest and longest name of a user, in characters.
pub const USER_NAME_LENGTHS: (usize, usize) = (2, 100);

string_enum! {
    /// What a user may do. Each role includes those before it.
    Role {
        /// Sees their own keys.
        Viewer = "viewer",
        /// Manages their own keys.
        Member = "member",
        /// Manages all keys and members of the organization.
        Admin = "admin",
    }
}

impl Role {
    /// The strongest permission that any key of a user with this role can have.
    pub fn ceiling(self) -> Permission {
        match self {
            Self::Viewer => Permission::Read,
            Self::Member => Permission::Delete,
            Self::Admin => Permission::Admin,
        }
    }

    /// What the role allows, in one sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Viewer => "Sees their own keys. Changes nothing.",
            Self::Member => "Creates and manages their own keys, up to the permission delete.",
            Self::Admin => "Manages every key and member of the organization.",
        }
    }
}

string_enum! {
    /// The status of a user. The keys of a user work only while the status is `active`.
    UserStatus {
        /// The user's keys work.
        Active = "active",
        /// The user's keys were revoked.
        Suspended = "suspended",
        /// The user's keys do not work yet.
        Pending = "pending",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct User {
    /// The id in this organization.
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    /// As first entered.
    pub email: Email,
    pub user_name: String,
    pub avatar_url: Option<String>,
    pub role: Role,
    pub status: UserStatus,
    /// Arbitrary data that the organization's own programs store here.
    pub metadata: Map<String, Value>,
    /// Whether the user can sign in to the console.
    pub can_sign_in: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Unchecked input for a new user.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct UserDraft {
    /// Required.
    pub email: Option<String>,
    /// Required.
    pub user_name: Option<String>,
    pub avatar_url: Option<String>,
    /// `member` when absent.
    pub role: Option<String>,
    /// Empty when absent.
    pub metadata: Option<Map<String, Value>>,
}

/// A checked new user. Only [`UserDraft::check`] creates it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUser {
    pub email: Email,
    pub user_name: String,
    pub avatar_url: Option<String>,
    pub role: Role,
    /// Arbitrary data that the organization's own programs store here.
    pub metadata: Map<String, Value>,
}

impl UserDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self) -> Result<NewUser, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = match &self.email {
            Some(text) => errors.take("email", Email::parse(text)),
            None => errors.take("email", Err(FieldError::new(Rule::Missing, "Give an e-mail address."))),
        };
        let user_name = match &self.user_name {
            Some(text) => errors.take("user_name", check_user_name(text)),
            None => errors.take("user_name", Err(FieldError::new(Rule::Missing, "Give a name."))),
        };
        let avatar_url = self.avatar_url.as_ref().and_then(|text| errors.take("avatar_url", check_url(text)));
        let role = match &self.role {
            Some(word) => errors.take("role", Role::check(word)),
            None => Some(Role::Member),
        };
        let metadata = self
            .metadata
            .as_ref()
            .and_then(|given| errors.take("metadata", check_values(given)))
            .unwrap_or_default();
        let user = email.zip(user_name).zip(role).map(|((email, user_name), role)| NewUser {
            email,
            user_name,
            avatar_url,
            role,
            metadata,
        });
        errors.or(user)
    }
}

/// Unchecked change of a user. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct UserPatchDraft {
    pub user_name: Option<String>,
    pub avatar_url: Change<String>,
    pub role: Option<String>,
    pub status: Option<String>,
    /// Replaces all metadata.
    pub metadata: Option<Map<String, Value>>,
}

/// A checked change. Only [`UserPatchDraft::check`] creates it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserPatch {
    pub user_name: Option<String>,
    pub avatar_url: Change<String>,
    pub role: Option<Role>,
    pub status: Option<UserStatus>,
    /// Replaces all metadata.
    pub metadata: Option<Map<String, Value>>,
}

impl UserPatchDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self) -> Result<UserPatch, FieldErrors> {
        let mut errors = FieldErrors::default();
        let patch = UserPatch {
            user_name: self
                .user_name
                .as_ref()
                .and_then(|text| errors.take("user_name", check_user_name(text))),
            avatar_url: check_url_change(&self.avatar_url, "avatar_url", &mut errors),
            role: self.role.as_ref().and_then(|word| errors.take("role", Role::check(word))),
            status: self.status.as_ref().and_then(|word| errors.take("status", UserStatus::check(word))),
            metadata: self.metadata.as_ref().and_then(|given| errors.take("metadata", check_values(given))),
        };
        errors.or(Some(patch))
    }
}

/// Checks a user's name and returns it.
pub fn check_user_name(text: &str) -> Result<String, FieldError> {
    check_line(text, USER_NAME_LENGTHS.0, USER_NAME_LENGTHS.1).map(|()| text.to_owned())
}

/// The name of a user who was given none: the part of the address before the @ if it has at least two characters, and
/// otherwise the whole address.
pub fn name_from_address(email: &str) -> &str {
    let local = email.split('@').next().unwrap_or_default();
    if local.chars().nth(1).is_some() { local } else { email }
}

/// The conditions that narrow a list of users.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct UserFilter {
    pub role: Option<Role>,
    pub status: Option<UserStatus>,
    /// Text at the beginning of a name or an e-mail address.
    pub search: String,
}

/// One page of users.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UserPage {
    /// Oldest first.
    pub users: Vec<User>,
    /// The number of users that match the filter.
    pub total: u64,
}
