//! People in the console: signing in, set-up, invitations, sessions.

use crate::email::Email;
use crate::field::{FieldError, FieldErrors, Rule};
use crate::id::{SessionId, UserId};
use crate::organization::{OrganizationSummary, check_organization_name};
use crate::password::Password;
use crate::time::Timestamp;
use crate::user::{Role, check_user_name};

/// Who looks at the console, and on behalf of which organization.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Me {
    /// The member's id in this organization.
    pub user_id: UserId,
    /// The member's name in this organization.
    pub user_name: String,
    /// The address they sign in with.
    pub email: Email,
    /// What they may do here.
    pub role: Role,
    /// This organization.
    pub organization: OrganizationSummary,
    /// All organizations of this person, this one too, by name.
    pub organizations: Vec<OrganizationSummary>,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SessionInfo {
    /// Its id. Not what the cookie holds.
    pub session_id: SessionId,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// From which address it was begun.
    pub address: Option<String>,
    /// With which agent it was begun.
    pub agent: Option<String>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// What the first-run form asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SetupDraft {
    /// The organization's name.
    pub organization: String,
    /// The admin's name.
    pub user_name: String,
    /// The admin's address.
    pub email: String,
    /// The admin's password.
    pub password: Password,
}

/// A checked first run. Made by [`SetupDraft::check`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSetup {
    /// The organization's name.
    pub organization: String,
    /// The admin's name.
    pub user_name: String,
    /// The admin's address.
    pub email: Email,
    /// The admin's password; absent when the command line sets none.
    pub password: Option<Password>,
}

impl SetupDraft {
    /// Checks every field and reports all broken rules together.
    pub fn check(&self) -> Result<NewSetup, FieldErrors> {
        self.check_with(Some(&self.password))
    }

    /// As [`Self::check`], for an organization whose first admin gets no password.
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

/// What the form for a new password asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct PasswordChangeDraft {
    /// The password so far.
    pub current: Password,
    /// The password from now on.
    pub new: Password,
}

impl PasswordChangeDraft {
    /// Checks the new password; whether the current one is right only the server can tell.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        errors.take("new", self.new.check());
        if self.new == self.current {
            errors.take::<()>(
                "new",
                Err(FieldError::new(Rule::ValueError, "Choose another than the current one.")),
            );
        }
        errors.or(Some(()))
    }
}

/// What an invitation link shows before it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Invitation {
    /// The organization that invites.
    pub organization: String,
    /// The invited address.
    pub email: Email,
    /// The invited person's name there.
    pub user_name: String,
    /// When the link ends.
    pub expires_at: Timestamp,
}
