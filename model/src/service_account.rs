//! Service accounts: programs of an organization, which own keys as members do.

use crate::field::{FieldError, FieldErrors, Rule};
use crate::id::{OrganizationId, ServiceAccountId};
use crate::key::{KeyOwner, Permission, check_description};
use crate::text::check_line;
use crate::time::Timestamp;
use crate::words::words;

/// Longest name, in characters.
pub const ACCOUNT_NAME_LENGTH_MAX: usize = 100;
/// Most permissions of one account.
pub const ACCOUNT_PERMISSIONS_MAX: usize = 100;
/// Longest permission, in bytes.
const WORD_BYTES_MAX: usize = 100;

words! {
    /// Whether an account's keys work. The second is final.
    AccountStatus {
        /// They do.
        Active = "active",
        /// They do not, and were revoked.
        Disabled = "disabled",
    }
}

words! {
    /// The permissions of an account that mean something here. All others are kept for whoever asks, and grant nothing.
    AccountRight {
        /// See the organization's keys.
        ReadKeys = "apikey:read",
        /// Make keys for service accounts.
        CreateKeys = "apikey:create",
        /// Revoke keys.
        DeleteKeys = "apikey:delete",
        /// Verify the organization's keys.
        VerifyKeys = "apikey:verify",
        /// See service accounts.
        ReadAccounts = "serviceaccount:read",
        /// Make service accounts.
        CreateAccounts = "serviceaccount:create",
        /// Change service accounts.
        UpdateAccounts = "serviceaccount:update",
        /// Disable service accounts.
        DeleteAccounts = "serviceaccount:delete",
    }
}

impl AccountRight {
    /// What a key of the account must itself be permitted in order to use the right.
    pub fn least_permission(self) -> Permission {
        match self {
            Self::ReadKeys | Self::VerifyKeys | Self::ReadAccounts => Permission::Read,
            Self::CreateKeys | Self::CreateAccounts | Self::UpdateAccounts => Permission::Write,
            Self::DeleteKeys | Self::DeleteAccounts => Permission::Delete,
        }
    }
}

/// What an account may do: words such as `apikey:read`, each once, in the order given.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct AccountPermissions(Vec<String>);

impl AccountPermissions {
    /// The words.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether a right is among the words.
    pub fn grants(&self, right: AccountRight) -> bool {
        self.0.iter().any(|word| word == right.as_str())
    }

    /// Reads words; one that is none is noted with its index.
    pub fn check(words: &[String], field: &str, errors: &mut FieldErrors) -> Self {
        let mut list: Vec<String> = Vec::new();
        if words.len() > ACCOUNT_PERMISSIONS_MAX {
            let message = format!("Use at most {ACCOUNT_PERMISSIONS_MAX} permissions.");
            errors.push(field, Rule::ValueError, message);
            return Self::default();
        }
        for (index, word) in words.iter().enumerate() {
            if !is_word(word) {
                let error = FieldError::new(
                    Rule::ValueError,
                    "Use a resource and a verb in lower case, such as apikey:read.",
                );
                errors.push_at(vec![field.into(), index.into()], error);
            } else if !list.contains(word) {
                list.push(word.clone());
            }
        }
        Self(list)
    }
}

/// Two parts around one colon. There is no `*`: a pattern that is kept and grants nothing would deceive.
fn is_word(word: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.".contains(&b))
    };
    word.len() <= WORD_BYTES_MAX
        && word.split_once(':').is_some_and(|(resource, verb)| is_part(resource) && is_part(verb))
}

impl TryFrom<Vec<String>> for AccountPermissions {
    type Error = FieldErrors;
    fn try_from(words: Vec<String>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let permissions = Self::check(&words, "permissions", &mut errors);
        errors.or(Some(permissions))
    }
}

impl From<AccountPermissions> for Vec<String> {
    fn from(permissions: AccountPermissions) -> Self {
        permissions.0
    }
}

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccount {
    /// Never changes.
    pub service_account_id: ServiceAccountId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Unique among the organization's active accounts.
    pub name: String,
    /// Perhaps empty.
    pub description: String,
    /// What it may do. No key of it goes beyond this.
    pub permissions: AccountPermissions,
    /// Who made it.
    pub created_by: Option<KeyOwner>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was ended, for good.
    pub disabled_at: Option<Timestamp>,
}

impl ServiceAccount {
    /// Whether its keys work.
    pub fn status(&self) -> AccountStatus {
        if self.disabled_at.is_some() { AccountStatus::Disabled } else { AccountStatus::Active }
    }
}

/// A service account as a form or a body asks for one, or for one to become. Name and permissions are required both
/// times.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ServiceAccountDraft {
    /// Required.
    pub name: Option<String>,
    /// Of a new one empty when absent; of another one left alone.
    pub description: Option<String>,
    /// Required, perhaps empty.
    pub permissions: Option<Vec<String>>,
}

/// A checked draft, for a new account or a change. Made by [`ServiceAccountDraft::check`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewServiceAccount {
    /// The name.
    pub name: String,
    /// The description, if one was given.
    pub description: Option<String>,
    /// What it may do.
    pub permissions: AccountPermissions,
}

impl ServiceAccountDraft {
    /// Checks every field and reports all broken rules together.
    pub fn check(&self) -> Result<NewServiceAccount, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = match &self.name {
            Some(text) => errors.take("name", check_account_name(text)),
            None => errors.take("name", Err(FieldError::new(Rule::Missing, "Give the account a name."))),
        };
        let description =
            self.description.as_ref().and_then(|text| errors.take("description", check_description(text)));
        let permissions = if let Some(words) = &self.permissions {
            Some(AccountPermissions::check(words, "permissions", &mut errors))
        } else {
            let missing = FieldError::new(Rule::Missing, "Say what it may do: a list, perhaps empty.");
            errors.take("permissions", Err(missing))
        };
        let account = name.zip(permissions).map(|(name, permissions)| NewServiceAccount {
            name,
            description,
            permissions,
        });
        errors.or(account)
    }
}

/// Checks an account's name and gives it.
pub fn check_account_name(text: &str) -> Result<String, FieldError> {
    check_line(text, 1, ACCOUNT_NAME_LENGTH_MAX).map(|()| text.to_owned())
}

/// What narrows a list of accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ServiceAccountFilter {
    /// Those of one status.
    pub status: Option<AccountStatus>,
    /// Text at the start of a word of a name.
    pub search: String,
}

/// Some accounts of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountPage {
    /// The accounts, oldest first.
    pub accounts: Vec<ServiceAccount>,
    /// How many there are in all.
    pub total: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_a_resource_and_a_verb() {
        for word in ["apikey:read", "org:read", "workflow:execute", "a.b_c-1:d", "a:b"] {
            assert!(is_word(word), "{word}");
        }
        let long = format!("a:{}", "b".repeat(99));
        for word in
            ["", ":", "a:", ":a", "a", "a:b:c", "apikey:*", "*:*", "A:b", "1a:b", "a b:c", "a:b\n", &long]
        {
            assert!(!is_word(word), "{word:?}");
        }
    }

    #[test]
    fn all_broken_rules_are_reported_together() {
        let permissions = Some(vec!["apikey:read".to_owned(), "all".to_owned()]);
        let draft = ServiceAccountDraft {
            name: Some(" ".to_owned()),
            description: Some("x".repeat(501)),
            permissions,
        };
        let errors = draft.check().unwrap_err();
        let places: Vec<_> = errors.iter().map(|error| (error.field(), error.location.len())).collect();
        assert_eq!(places, [("name", 1), ("description", 1), ("permissions", 2)]);
        let errors = ServiceAccountDraft::default().check().unwrap_err();
        let rules: Vec<_> = errors.iter().map(|error| (error.field(), error.rule)).collect();
        assert_eq!(rules, [("name", Rule::Missing), ("permissions", Rule::Missing)]);
    }

    #[test]
    fn a_list_has_no_repeats_and_an_end() {
        let draft = |words: Vec<String>| ServiceAccountDraft {
            name: Some("ci".into()),
            permissions: Some(words),
            ..ServiceAccountDraft::default()
        };
        let words = vec!["b:c".to_owned(), "a:b".to_owned(), "b:c".to_owned()];
        assert_eq!(draft(words).check().unwrap().permissions.words(), ["b:c", "a:b"]);
        let many = (0..=ACCOUNT_PERMISSIONS_MAX).map(|n| format!("a:b{n}")).collect();
        assert!(draft(many).check().is_err());
    }
}
