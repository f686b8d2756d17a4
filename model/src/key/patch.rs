//! A change to a key: the unchecked draft and the checked patch.

use crate::field::{FieldError, FieldErrors, Rule};
use crate::time::Timestamp;

use super::access::Access;
use super::change::Change;
use super::draft::{check_expiry, check_rate_limit};
use super::name::{KeyName, check_description};
use super::permission::Permissions;
use super::scope::{ResourceScope, ScopeDraft, check_scopes};
use super::{Key, KeyStatus};

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
            revoke: self.status.as_ref().and_then(|word| errors.take("status", check_status(word)))
                == Some(true),
        };
        errors.or(Some(patch))
    }

    /// Removes all fields that equal `key`. A form sends every field, and without this two people who edit different
    /// fields would undo each other's changes.
    #[must_use]
    pub fn without_unchanged(mut self, key: &Key) -> Self {
        let is = |draft: &Option<String>, text: &str| draft.as_deref() == Some(text);
        if is(&self.name, key.name.as_str()) {
            self.name = None;
        }
        if is(&self.description, &key.description) {
            self.description = None;
        }
        if self.permissions.as_ref().is_some_and(|words| words.iter().eq(key.permissions.words().iter())) {
            self.permissions = None;
        }
        if self.scopes.as_ref().is_some_and(|drafts| {
            drafts.iter().eq(&key.scopes.iter().map(ScopeDraft::from).collect::<Vec<_>>())
        }) {
            self.scopes = None;
        }
        let limit_stays = match &self.rate_limit_override {
            Change::Keep => true,
            Change::Clear => key.rate_limit_override.is_none(),
            Change::Set(limit) => key.rate_limit_override.map(i64::from) == Some(*limit),
        };
        if limit_stays {
            self.rate_limit_override = Change::Keep;
        }
        let expiry_stays = match &self.expires_at {
            Change::Keep => true,
            Change::Clear => key.expires_at.is_none(),
            Change::Set(text) => key.expires_at.is_some() && Timestamp::parse(text).ok() == key.expires_at,
        };
        if expiry_stays {
            self.expires_at = Change::Keep;
        }
        self
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
            Err(FieldError::new(Rule::ValueError, "A key expires by its expires_at; set that instead."))
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
    fn a_key_cannot_be_told_to_be_expired() {
        let draft = KeyPatchDraft { status: Some("expired".into()), ..KeyPatchDraft::default() };
        let errors = draft.check(Timestamp::from_seconds(0)).unwrap_err();
        assert_eq!(errors.iter().next().map(|e| e.rule), Some(Rule::ValueError));
    }

    #[test]
    fn clearing_and_setting_differ_from_leaving_alone() {
        assert_eq!(Change::Keep.apply(Some(1)), Some(1));
        assert_eq!(Change::<i32>::Clear.apply(Some(1)), None);
        assert_eq!(Change::Set(2).apply(None), Some(2));
    }
}
