//! A change to a key: the unchecked draft and the checked patch.

use serde_json::{Map, Value};

use crate::field::{FieldError, FieldErrors, Rule};
use crate::metadata::Metadata;
use crate::time::Timestamp;

use super::KeyStatus;
use super::access::Access;
use super::change::Change;
use super::draft::{check_expiry, check_metadata, check_rate_limit};
use super::name::{KeyName, check_description};
use super::permission::Permissions;
use super::scope::{ResourceScope, ScopeDraft, check_scopes};

/// Unchecked change of a key. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct KeyPatchDraft {
    pub name: Option<String>,
    /// May be empty.
    pub description: Option<String>,
    /// Replaces all permissions.
    pub permissions: Option<Vec<String>>,
    /// Replaces all scopes.
    pub scopes: Option<Vec<ScopeDraft>>,
    /// Requests per 60 seconds.
    pub rate_limit_override: Change<i64>,
    /// RFC 3339.
    pub expires_at: Change<String>,
    /// Replaces all metadata.
    pub metadata: Option<Map<String, Value>>,
    /// `active` or `revoked`.
    pub status: Option<String>,
}

/// A change whose fields are valid. Only [`KeyPatchDraft::check`] creates it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyPatch {
    pub name: Option<KeyName>,
    pub description: Option<String>,
    /// Replaces all permissions.
    pub permissions: Option<Permissions>,
    /// The permissions as a word of the organization-wide API. Permissions that the word already describes stay as they
    /// are.
    pub access: Option<Access>,
    /// Replaces all scopes.
    pub scopes: Option<Vec<ResourceScope>>,
    /// Requests per 60 seconds.
    pub rate_limit_override: Change<u32>,
    pub expires_at: Change<Timestamp>,
    /// Replaces all metadata.
    pub metadata: Option<Metadata>,
    /// Whether the key is also revoked.
    pub revoke: bool,
}

impl KeyPatchDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self, now: Timestamp) -> Result<KeyPatch, FieldErrors> {
        let mut errors = FieldErrors::default();
        let patch = KeyPatch {
            name: self.name.as_ref().and_then(|name| errors.take("name", KeyName::parse(name))),
            description: self
                .description
                .as_ref()
                .and_then(|text| errors.take("description", check_description(text))),
            permissions: self
                .permissions
                .as_ref()
                .map(|words| Permissions::check(words, "permissions", &mut errors)),
            access: None,
            scopes: self.scopes.as_ref().map(|scopes| check_scopes(scopes, "scopes", &mut errors)),
            rate_limit_override: check_change(
                &self.rate_limit_override,
                "rate_limit_override",
                &mut errors,
                |n| check_rate_limit(*n),
            ),
            expires_at: check_change(&self.expires_at, "expires_at", &mut errors, |text| {
                check_expiry(text, now)
            }),
            metadata: check_metadata(self.metadata.as_ref(), &mut errors),
            revoke: self.status.as_ref().and_then(|word| errors.take("status", check_status(word)))
                == Some(true),
        };
        errors.or(Some(patch))
    }
}

fn check_change<T, U>(
    change: &Change<T>,
    field: &str,
    errors: &mut FieldErrors,
    check: impl FnOnce(&T) -> Result<U, FieldError>,
) -> Change<U> {
    match change {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(value) => errors.take(field, check(value)).map_or(Change::Keep, Change::Set),
    }
}

/// Whether the status requests a revocation. `expired` is refused, because only the clock sets it.
fn check_status(word: &str) -> Result<bool, FieldError> {
    match KeyStatus::check(word)? {
        KeyStatus::Active => Ok(false),
        KeyStatus::Revoked => Ok(true),
        KeyStatus::Expired => {
            Err(FieldError::new(Rule::ValueError, "To let a key expire, set expires_at instead."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_change_changes_nothing() {
        let now = Timestamp::from_seconds(0);
        assert_eq!(KeyPatchDraft::default().check(now), Ok(KeyPatch::default()));
    }

    #[test]
    fn the_status_expired_cannot_be_set() {
        let draft = KeyPatchDraft { status: Some("expired".into()), ..KeyPatchDraft::default() };
        let errors = draft.check(Timestamp::from_seconds(0)).unwrap_err();
        assert_eq!(errors.iter().next().map(|e| e.rule), Some(Rule::ValueError));
    }

    #[test]
    fn null_a_value_and_an_absent_field_are_told_apart() {
        assert_eq!(Change::Keep.apply(Some(1)), Some(1));
        assert_eq!(Change::<i32>::Clear.apply(Some(1)), None);
        assert_eq!(Change::Set(2).apply(None), Some(2));
    }
}
