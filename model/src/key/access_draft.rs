//! The drafts of the organization-wide API. Fields have the names of that API, so that errors name the field that the
//! client sent.

use serde_json::{Map, Value};

use crate::field::{FieldError, FieldErrors, Rule};
use crate::id::ServiceAccountId;
use crate::metadata::Metadata;
use crate::time::Timestamp;

use super::access::Access;
use super::change::Change;
use super::draft::{check_environment, check_expiry, check_metadata};
use super::fields::KeyFields;
use super::name::{KeyName, check_description};
use super::patch::KeyPatch;

/// The error for a service account that is unknown, disabled or in another organization, and for an invalid id.
pub const NO_SERVICE_ACCOUNT: &str = "There is no active service account with this id.";

/// Unchecked input for a new key.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AccessKeyDraft {
    /// Required.
    pub name: Option<String>,
    /// Empty when absent.
    pub description: Option<String>,
    /// RFC 3339. The key never expires when absent.
    pub expires_at: Option<String>,
    /// A word of [`Access`]. `read` when absent.
    pub scope: Option<String>,
    /// `live` when absent.
    pub environment: Option<String>,
    /// Empty when absent.
    pub metadata: Option<Map<String, Value>>,
    /// The owner. The caller when absent.
    pub service_account_id: Option<String>,
}

/// A checked draft. Only [`AccessKeyDraft::check`] creates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccessKey {
    pub fields: KeyFields,
    /// The owner. The caller when absent.
    pub service_account_id: Option<ServiceAccountId>,
}

impl AccessKeyDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self, now: Timestamp) -> Result<NewAccessKey, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = match &self.name {
            Some(name) => errors.take("name", KeyName::parse(name)),
            None => errors.take("name", Err(FieldError::new(Rule::Missing, "Give the key a name."))),
        };
        let description =
            self.description.as_ref().and_then(|text| errors.take("description", check_description(text)));
        let expires_at =
            self.expires_at.as_ref().and_then(|text| errors.take("expiresAt", check_expiry(text, now)));
        let access = self.scope.as_ref().and_then(|word| errors.take("scope", Access::check(word)));
        let environment = check_environment(self.environment.as_deref(), &mut errors);
        let metadata = check_metadata(self.metadata.as_ref(), &mut errors);
        let service_account_id = self.service_account_id.as_ref().and_then(|text| {
            let id = ServiceAccountId::parse(text);
            let unknown = |_| FieldError::new(Rule::ValueError, NO_SERVICE_ACCOUNT);
            errors.take("serviceAccountId", id.map_err(unknown))
        });
        let fields = name.map(|name| KeyFields {
            name,
            description: description.unwrap_or_default(),
            permissions: access.unwrap_or(Access::Read).permissions(),
            scopes: Vec::new(),
            rate_limit_override: None,
            expires_at,
            environment,
            metadata: metadata.unwrap_or_default(),
        });
        errors.or(fields.map(|fields| NewAccessKey { fields, service_account_id }))
    }
}

/// Unchecked change of a key. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AccessKeyPatchDraft {
    pub name: Option<String>,
    pub description: Change<String>,
    /// RFC 3339.
    pub expires_at: Change<String>,
    /// A word of [`Access`].
    pub scope: Option<String>,
    /// Replaces all metadata.
    pub metadata: Change<Map<String, Value>>,
}

impl AccessKeyPatchDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self, now: Timestamp) -> Result<KeyPatch, FieldErrors> {
        let mut errors = FieldErrors::default();
        let patch = KeyPatch {
            name: self.name.as_ref().and_then(|name| errors.take("name", KeyName::parse(name))),
            description: match &self.description {
                Change::Keep => None,
                Change::Clear => Some(String::new()),
                Change::Set(text) => errors.take("description", check_description(text)),
            },
            expires_at: match &self.expires_at {
                Change::Keep => Change::Keep,
                Change::Clear => Change::Clear,
                Change::Set(text) => {
                    errors.take("expiresAt", check_expiry(text, now)).map_or(Change::Keep, Change::Set)
                }
            },
            metadata: match &self.metadata {
                Change::Keep => None,
                Change::Clear => Some(Metadata::default()),
                Change::Set(given) => check_metadata(Some(given), &mut errors),
            },
            access: self.scope.as_ref().and_then(|word| errors.take("scope", Access::check(word))),
            permissions: None,
            scopes: None,
            rate_limit_override: Change::Keep,
            revoke: false,
        };
        errors.or(Some(patch))
    }
}

#[cfg(test)]
mod tests {
    use super::super::permission::Permissions;
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_seconds(0)
    }

    #[test]
    fn all_validation_errors_are_reported_together_with_wire_names() {
        let draft = AccessKeyDraft {
            name: None,
            description: Some("x".repeat(501)),
            expires_at: Some("1970-01-01T00:00:00Z".into()),
            scope: Some("admin".into()),
            environment: Some("TEST".into()),
            metadata: Some([("a".to_owned(), "x".repeat(5000).into())].into_iter().collect()),
            service_account_id: Some("usr_a1".into()),
        };
        let errors = draft.check(now()).unwrap_err();
        let fields: Vec<_> = errors.iter().map(FieldError::field).collect();
        assert_eq!(
            fields,
            ["name", "description", "expiresAt", "scope", "environment", "metadata", "serviceAccountId"]
        );
        let draft = AccessKeyPatchDraft {
            name: Some(String::new()),
            description: Change::Set("\u{202E}".into()),
            expires_at: Change::Set("tomorrow".into()),
            scope: Some(String::new()),
            metadata: Change::Set((0..51).map(|n| (n.to_string(), n.into())).collect()),
        };
        let errors = draft.check(now()).unwrap_err();
        let fields: Vec<_> = errors.iter().map(FieldError::field).collect();
        assert_eq!(fields, ["name", "description", "expiresAt", "metadata", "scope"]);
    }

    #[test]
    fn only_the_name_is_required_and_the_default_is_read() {
        let draft = AccessKeyDraft { name: Some("ci".into()), ..AccessKeyDraft::default() };
        let NewAccessKey { fields, service_account_id } = draft.check(now()).unwrap();
        assert_eq!((fields.permissions, service_account_id), (Permissions::READ, None));
    }
}
