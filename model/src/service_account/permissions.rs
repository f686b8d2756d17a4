//! The permissions of service accounts.

use crate::field::{FieldError, FieldErrors, Rule};
use crate::key::Permission;
use crate::string_enum::string_enum;

/// The maximum number of permissions of one account.
pub const SERVICE_ACCOUNT_PERMISSIONS_MAX: usize = 100;
/// Longest permission, in bytes.
const WORD_BYTES_MAX: usize = 100;

string_enum! {
    /// The permissions of an account that Keystead itself checks. Others are only stored, for other programs.
    AccountRight {
        /// See the organization's keys.
        ReadKeys = "apikey:read",
        /// Create keys for service accounts.
        CreateKeys = "apikey:create",
        DeleteKeys = "apikey:delete",
        /// Verify the organization's keys.
        VerifyKeys = "apikey:verify",
        ReadAccounts = "serviceaccount:read",
        CreateAccounts = "serviceaccount:create",
        UpdateAccounts = "serviceaccount:update",
        DeleteAccounts = "serviceaccount:delete",
        ReadGateways = "gateway:read",
        CreateGateways = "gateway:create",
        UpdateGateways = "gateway:update",
        DeleteGateways = "gateway:delete",
    }
}

impl AccountRight {
    /// What the right allows, in one sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ReadKeys => "See every key of the organization, but no secrets.",
            Self::CreateKeys => {
                "Create keys for service accounts. Together with “Revoke keys”, also change and rotate them."
            }
            Self::DeleteKeys => "Revoke any key of the organization for good.",
            Self::VerifyKeys => "Verify any key of the organization.",
            Self::ReadAccounts => "See the service accounts and what they may do.",
            Self::CreateAccounts => "Create service accounts with permissions that this one has.",
            Self::UpdateAccounts => "Change service accounts, and give them permissions that this one has.",
            Self::DeleteAccounts => "Disable service accounts for good, and revoke all their keys.",
            Self::ReadGateways => "See the gateways with their ids and rules.",
            Self::CreateGateways => "Create gateways and their rules.",
            Self::UpdateGateways => "Change gateways and their rules.",
            Self::DeleteGateways => {
                "Remove gateways. Proxies that still use a removed gateway let nobody pass."
            }
        }
    }

    /// The name of the right, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::ReadKeys => "See keys",
            Self::CreateKeys => "Create keys",
            Self::DeleteKeys => "Revoke keys",
            Self::VerifyKeys => "Verify keys",
            Self::ReadAccounts => "See service accounts",
            Self::CreateAccounts => "Create service accounts",
            Self::UpdateAccounts => "Change service accounts",
            Self::DeleteAccounts => "Disable service accounts",
            Self::ReadGateways => "See gateways",
            Self::CreateGateways => "Create gateways",
            Self::UpdateGateways => "Change gateways",
            Self::DeleteGateways => "Remove gateways",
        }
    }

    /// The weakest permission that the account's key must have itself in order to use the right.
    pub fn least_permission(self) -> Permission {
        match self {
            Self::ReadKeys | Self::VerifyKeys | Self::ReadAccounts | Self::ReadGateways => Permission::Read,
            Self::CreateKeys
            | Self::CreateAccounts
            | Self::UpdateAccounts
            | Self::CreateGateways
            | Self::UpdateGateways => Permission::Write,
            Self::DeleteKeys | Self::DeleteAccounts | Self::DeleteGateways => Permission::Delete,
        }
    }
}

/// The permissions of an account: words such as `apikey:read`, each once, in the given order.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct ServiceAccountPermissions(Vec<String>);

impl ServiceAccountPermissions {
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether the permissions include a right.
    pub fn grants(&self, right: AccountRight) -> bool {
        self.0.iter().any(|word| word == right.as_str())
    }

    /// Reads words. A malformed word is an error at its index.
    pub fn check(words: &[String], field: &str, errors: &mut FieldErrors) -> Self {
        let mut list: Vec<String> = Vec::new();
        if words.len() > SERVICE_ACCOUNT_PERMISSIONS_MAX {
            let message = format!("Use at most {SERVICE_ACCOUNT_PERMISSIONS_MAX} permissions.");
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

/// Checks for two parts separated by one colon. `*` is not allowed, because a stored pattern that grants nothing would
/// mislead people.
fn is_word(word: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.".contains(&b))
    };
    word.len() <= WORD_BYTES_MAX
        && word.split_once(':').is_some_and(|(resource, verb)| is_part(resource) && is_part(verb))
}

impl TryFrom<Vec<String>> for ServiceAccountPermissions {
    type Error = FieldErrors;
    fn try_from(words: Vec<String>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let permissions = Self::check(&words, "permissions", &mut errors);
        errors.or(Some(permissions))
    }
}

impl From<ServiceAccountPermissions> for Vec<String> {
    fn from(permissions: ServiceAccountPermissions) -> Self {
        permissions.0
    }
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
}
