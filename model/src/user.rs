//! Members of an organization: who owns keys and who may do what.

use serde_json::{Map, Value};

use crate::email::Email;
use crate::field::{FieldError, FieldErrors, Rule};
use crate::id::{OrganizationId, UserId};
use crate::key::{Change, Permission};
use crate::misplaced::check_metadata;
use crate::organization::{check_url, check_url_change};
use crate::text::check_line;
use crate::time::Timestamp;
use crate::words::words;

/// Shortest and longest name of a member, in characters.
pub const USER_NAME_LENGTHS: (usize, usize) = (2, 100);

words! {
    /// What a member may do. The order is their strength.
    Role {
        /// Looks at the own keys.
        Viewer = "viewer",
        /// Manages the own keys.
        Member = "member",
        /// Manages everything.
        Admin = "admin",
    }
}

impl Role {
    /// The strongest permission of the role: no key of its bearer goes beyond it.
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

words! {
    /// Whether a member's keys work.
    UserStatus {
        /// They do.
        Active = "active",
        /// They do not, and were revoked.
        Suspended = "suspended",
        /// Not yet.
        Pending = "pending",
    }
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct User {
    /// The id in this organization.
    pub user_id: UserId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// As first given.
    pub email: Email,
    /// The name.
    pub user_name: String,
    /// A picture.
    pub avatar_url: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether their keys work.
    pub status: UserStatus,
    /// Whatever the organization's programs keep here.
    pub metadata: Map<String, Value>,
    /// Whether they can sign in to the console.
    pub can_sign_in: bool,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub updated_at: Timestamp,
}

/// A member as a form or a body asks for one.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct UserDraft {
    /// Required.
    pub email: Option<String>,
    /// Required.
    pub user_name: Option<String>,
    /// A picture.
    pub avatar_url: Option<String>,
    /// `member` when absent.
    pub role: Option<String>,
    /// Empty when absent.
    pub metadata: Option<Map<String, Value>>,
}

/// A checked new member. Made by [`UserDraft::check`] only.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUser {
    /// The address.
    pub email: Email,
    /// The name.
    pub user_name: String,
    /// A picture.
    pub avatar_url: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whatever the organization's programs keep here.
    pub metadata: Map<String, Value>,
}

impl UserDraft {
    /// Checks every field and reports all broken rules together.
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
            .and_then(|given| errors.take("metadata", check_metadata(given)))
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

/// A change as a form or a body asks for it. What is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct UserPatchDraft {
    /// A new name.
    pub user_name: Option<String>,
    /// A new picture.
    pub avatar_url: Change<String>,
    /// A new role.
    pub role: Option<String>,
    /// A new status.
    pub status: Option<String>,
    /// All metadata from now on.
    pub metadata: Option<Map<String, Value>>,
}

/// A checked change. Made by [`UserPatchDraft::check`] only.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserPatch {
    /// A new name.
    pub user_name: Option<String>,
    /// A new picture.
    pub avatar_url: Change<String>,
    /// A new role.
    pub role: Option<Role>,
    /// A new status.
    pub status: Option<UserStatus>,
    /// All metadata from now on.
    pub metadata: Option<Map<String, Value>>,
}

impl UserPatchDraft {
    /// Checks every field and reports all broken rules together.
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
            metadata: self.metadata.as_ref().and_then(|given| errors.take("metadata", check_metadata(given))),
        };
        errors.or(Some(patch))
    }
}

/// Checks a member's name and gives it.
pub fn check_user_name(text: &str) -> Result<String, FieldError> {
    check_line(text, USER_NAME_LENGTHS.0, USER_NAME_LENGTHS.1).map(|()| text.to_owned())
}

/// What narrows a list of members.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct UserFilter {
    /// Those of one role.
    pub role: Option<Role>,
    /// Those of one status.
    pub status: Option<UserStatus>,
    /// Text at the start of a name or an e-mail.
    pub search: String,
}

/// Some members of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UserPage {
    /// The members, oldest first.
    pub users: Vec<User>,
    /// How many there are in all.
    pub total: u64,
}
