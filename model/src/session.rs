//! People in the console: first setup, sessions, passwords and invitations.

use crate::email::Email;
use crate::field::{FieldError, FieldErrors, Rule};
use crate::id::{SessionId, UserId};
use crate::key::KeyPrefix;
use crate::organization::{OrganizationSummary, check_organization_name};
use crate::password::Password;
use crate::time::Timestamp;
use crate::user::{Role, check_user_name};

/// The signed-in user and the organization that they are working in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Me {
    /// The user's id in this organization.
    pub user_id: UserId,
    /// The user's name in this organization.
    pub user_name: String,
    /// The address with which they sign in.
    pub email: Email,
    /// The user's role in this organization.
    pub role: Role,
    /// The current organization.
    pub organization: OrganizationSummary,
    /// All organizations of the account, including the current one, ordered by name.
    pub organizations: Vec<OrganizationSummary>,
    /// The server's prefix setting. It decides how much of a pasted secret is searched for.
    pub key_prefix: KeyPrefix,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SessionInfo {
    /// The public id, which differs from the secret in the cookie.
    pub session_id: SessionId,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The client address at sign-in.
    pub address: Option<String>,
    /// The user agent at sign-in.
    pub agent: Option<String>,
    /// Whether this is the session of the current request.
    pub is_current: bool,
}

/// Unchecked input of the first-run form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SetupDraft {
    pub organization: String,
    /// The admin's name.
    pub user_name: String,
    /// The admin's e-mail address.
    pub email: String,
    /// The admin's password.
    pub password: Password,
}

/// A checked first setup. Only [`SetupDraft::check`] and [`SetupDraft::check_without_password`] create it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSetup {
    pub organization: String,
    /// The admin's name.
    pub user_name: String,
    /// The admin's e-mail address.
    pub email: Email,
    /// The admin's password. `None` if the organization is created from the command line without one.
    pub password: Option<Password>,
}

impl SetupDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self) -> Result<NewSetup, FieldErrors> {
        self.check_with(Some(&self.password))
    }

    /// Like [`Self::check`], for an organization whose first admin has no password yet.
    pub fn check_without_password(&self) -> Result<NewSetup, FieldErrors> {
        self.check_with(None)
    }

    fn check_with(&self, password: Option<&Password>) -> Result<NewSetup, FieldErrors> {
        let mut errors = FieldErrors::default();
        let organization = errors.take("organization", check_organization_name(&self.organization));
        let user_name = errors.take("user_name", check_user_name(&self.user_name));
        let email = errors.take("email", Email::parse(&self.email));
        if let Some(password) = password {
            errors.take("password", password.check());
        }
        let setup = organization.zip(user_name).zip(email).map(|((organization, user_name), email)| {
            NewSetup { organization, user_name, email, password: password.cloned() }
        });
        errors.or(setup)
    }
}

/// Unchecked input for a change of password.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct PasswordChangeDraft {
    pub current: Password,
    pub new: Password,
}

impl PasswordChangeDraft {
    /// Checks the new password. Only the server can check the current one.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        errors.take("new", self.new.check());
        if self.new.is_same(&self.current) {
            errors.take::<()>("new", Err(Self::unchanged()));
        }
        errors.or(Some(()))
    }

    /// The error of the new password if it is the current one.
    pub fn unchanged() -> FieldError {
        FieldError::new(Rule::ValueError, "Choose a password other than the current one.")
    }

    /// The errors of a change whose current password is wrong.
    pub fn wrong_current() -> FieldErrors {
        FieldErrors::one("current", Rule::ValueError, "This is not your current password.")
    }
}

/// What an invitation page shows before the invitation is accepted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Invitation {
    /// The name of the organization that invites.
    pub organization: String,
    /// The invited address.
    pub email: Email,
    /// The name of the invited person in the organization.
    pub user_name: String,
    /// Whether the person has joined already, and chooses a new password by the link.
    pub has_joined: bool,
    /// When the link expires.
    pub expires_at: Timestamp,
}
