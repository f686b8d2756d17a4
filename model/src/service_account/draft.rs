//! Unchecked and checked input for service accounts.

use serde_json::{Map, Value};

use super::ServiceAccountPermissions;
use crate::field::{FieldError, FieldErrors, Rule};
use crate::key::check_description;
use crate::metadata::Metadata;
use crate::text::check_name;

/// Longest name, in characters.
pub const ACCOUNT_NAME_LENGTH_MAX: usize = 100;

/// Unchecked input for a new service account or for a replacement of an existing one. Name and permissions are required
/// in both cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ServiceAccountDraft {
    /// Required.
    pub name: Option<String>,
    /// When absent, empty for a new account and unchanged for an existing one.
    pub description: Option<String>,
    /// Required. May be empty.
    pub permissions: Option<Vec<String>>,
    /// When absent, empty for a new account and unchanged for an existing one.
    pub metadata: Option<Map<String, Value>>,
}

/// Checked input for a new account or a change. Only [`ServiceAccountDraft::check`] creates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewServiceAccount {
    pub name: String,
    pub description: Option<String>,
    pub permissions: ServiceAccountPermissions,
    pub metadata: Option<Metadata>,
}

impl ServiceAccountDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self) -> Result<NewServiceAccount, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = match &self.name {
            Some(text) => errors.take("name", check_account_name(text)),
            None => {
                errors.take("name", Err(FieldError::new(Rule::Missing, "Give the service account a name.")))
            }
        };
        let description =
            self.description.as_ref().and_then(|text| errors.take("description", check_description(text)));
        let permissions = if let Some(words) = &self.permissions {
            Some(ServiceAccountPermissions::check(words, "permissions", &mut errors))
        } else {
            let missing =
                FieldError::new(Rule::Missing, "Give a list of permissions. The list may be empty.");
            errors.take("permissions", Err(missing))
        };
        let metadata =
            self.metadata.as_ref().and_then(|object| errors.take("metadata", Metadata::check(object)));
        let account = name.zip(permissions).map(|(name, permissions)| NewServiceAccount {
            name,
            description,
            permissions,
            metadata,
        });
        errors.or(account)
    }
}

/// Checks an account's name and returns it.
pub fn check_account_name(text: &str) -> Result<String, FieldError> {
    check_name(text, ACCOUNT_NAME_LENGTH_MAX).map(|()| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::SERVICE_ACCOUNT_PERMISSIONS_MAX;
    use super::*;

    #[test]
    fn all_validation_errors_are_reported_together() {
        let permissions = Some(vec!["apikey:read".to_owned(), "all".to_owned()]);
        let draft = ServiceAccountDraft {
            name: Some(" ".to_owned()),
            description: Some("x".repeat(501)),
            permissions,
            metadata: Some((0..51).map(|n| (n.to_string(), n.into())).collect()),
        };
        let errors = draft.check().unwrap_err();
        let places: Vec<_> = errors.iter().map(|error| (error.field(), error.location.len())).collect();
        assert_eq!(places, [("name", 1), ("description", 1), ("permissions", 2), ("metadata", 1)]);
        let errors = ServiceAccountDraft::default().check().unwrap_err();
        let rules: Vec<_> = errors.iter().map(|error| (error.field(), error.rule)).collect();
        assert_eq!(rules, [("name", Rule::Missing), ("permissions", Rule::Missing)]);
    }

    #[test]
    fn a_list_of_permissions_has_no_duplicates_and_a_maximum_length() {
        let draft = |words: Vec<String>| ServiceAccountDraft {
            name: Some("ci".into()),
            permissions: Some(words),
            ..ServiceAccountDraft::default()
        };
        let words = vec!["b:c".to_owned(), "a:b".to_owned(), "b:c".to_owned()];
        assert_eq!(draft(words).check().unwrap().permissions.words(), ["b:c", "a:b"]);
        let many = (0..=SERVICE_ACCOUNT_PERMISSIONS_MAX).map(|n| format!("a:b{n}")).collect();
        assert!(draft(many).check().is_err());
    }
}
