//! A requested key: the unchecked draft and its check.

use serde_json::{Map, Value};

use crate::field::{FieldError, FieldErrors, Rule};
use crate::metadata::Metadata;
use crate::time::Timestamp;

use super::name::{KeyName, check_description};
use super::permission::Permissions;
use super::scope::{ScopeDraft, check_scopes};
use super::{Environment, KeyFields};

/// Largest rate limit, in requests per 60 seconds. The largest value of a 32-bit signed integer.
pub const RATE_LIMIT_MAX: i64 = 2_147_483_647;

/// Unchecked input from a form or a request body.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct KeyDraft {
    /// Required.
    pub name: Option<String>,
    /// Empty when absent.
    pub description: Option<String>,
    /// Permission words. `read` when absent.
    pub permissions: Option<Vec<String>>,
    /// No restriction when absent or empty.
    pub scopes: Option<Vec<ScopeDraft>>,
    /// Requests per 60 seconds. The server's default limit when absent.
    pub rate_limit_override: Option<i64>,
    /// RFC 3339. The key never expires when absent.
    pub expires_at: Option<String>,
    /// `live` when absent.
    pub environment: Option<String>,
    /// Empty when absent.
    pub metadata: Option<Map<String, Value>>,
}

impl KeyDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self, now: Timestamp) -> Result<KeyFields, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = match &self.name {
            Some(name) => errors.take("name", KeyName::parse(name)),
            None => errors.take("name", Err(FieldError::new(Rule::Missing, "Give the key a name."))),
        };
        let description = match &self.description {
            Some(text) => errors.take("description", check_description(text)),
            None => Some(String::new()),
        };
        let permissions = match &self.permissions {
            Some(words) => Permissions::check(words, "permissions", &mut errors),
            None => Permissions::READ,
        };
        let scopes = check_scopes(self.scopes.as_deref().unwrap_or_default(), "scopes", &mut errors);
        let rate_limit_override =
            self.rate_limit_override.and_then(|n| errors.take("rate_limit_override", check_rate_limit(n)));
        let expires_at =
            self.expires_at.as_ref().and_then(|text| errors.take("expires_at", check_expiry(text, now)));
        let environment = check_environment(self.environment.as_deref(), &mut errors);
        let metadata = check_metadata(self.metadata.as_ref(), &mut errors);
        let key = name.zip(description).map(|(name, description)| KeyFields {
            name,
            description,
            permissions,
            scopes,
            rate_limit_override,
            expires_at,
            environment,
            metadata: metadata.unwrap_or_default(),
        });
        errors.or(key)
    }
}

/// Checks an environment. It is `live` when absent.
pub(super) fn check_environment(word: Option<&str>, errors: &mut FieldErrors) -> Environment {
    word.and_then(|word| errors.take("environment", Environment::parse(word))).unwrap_or_default()
}

/// Checks metadata. `None` if it is absent or invalid.
pub(super) fn check_metadata(
    given: Option<&Map<String, Value>>,
    errors: &mut FieldErrors,
) -> Option<Metadata> {
    errors.take("metadata", Metadata::check(given?))
}

/// Checks a rate limit, in requests per 60 seconds.
pub fn check_rate_limit(requests: i64) -> Result<u32, FieldError> {
    if requests < 1 {
        return Err(FieldError::new(Rule::GreaterThanEqual, "Use at least 1 request per minute."));
    }
    match u32::try_from(requests) {
        Ok(limit) if requests <= RATE_LIMIT_MAX => Ok(limit),
        _ => Err(FieldError::new(
            Rule::LessThanEqual,
            format!("Use at most {RATE_LIMIT_MAX} requests per minute."),
        )),
    }
}

/// Checks an expiry: a date and time after `now`.
pub fn check_expiry(text: &str, now: Timestamp) -> Result<Timestamp, FieldError> {
    let moment = Timestamp::parse(text).map_err(|_| {
        FieldError::new(
            Rule::DatetimeParsing,
            "Use a date and time such as 2027-01-31T12:00:00Z, or a date alone.",
        )
    })?;
    if moment <= now {
        return Err(FieldError::new(Rule::ValueError, "Choose a time in the future."));
    }
    Ok(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22T00:00:00Z").unwrap()
    }

    #[test]
    fn only_the_name_is_required() {
        let draft = KeyDraft { name: Some("ci".into()), ..KeyDraft::default() };
        let key = draft.check(now()).unwrap();
        assert_eq!(key.permissions, Permissions::READ);
        assert_eq!((key.description.as_str(), key.rate_limit_override, key.expires_at), ("", None, None));
    }

    #[test]
    fn all_validation_errors_are_reported_together() {
        let draft = KeyDraft {
            name: None,
            description: Some("x".repeat(501)),
            permissions: Some(vec!["read".into(), "root".into()]),
            scopes: Some(vec![ScopeDraft::default()]),
            rate_limit_override: Some(0),
            expires_at: Some("2026-11-22T00:00:00Z".into()),
            environment: Some("Test".into()),
            metadata: Some((0..51).map(|n| (n.to_string(), n.into())).collect()),
        };
        let errors = draft.check(now()).unwrap_err();
        let rules: Vec<_> = errors.iter().map(|e| (e.field(), e.rule.as_str())).collect();
        assert_eq!(
            rules,
            [
                ("name", "missing"),
                ("description", "string_too_long"),
                ("permissions", "enum"),
                ("scopes", "missing"),
                ("scopes", "missing"),
                ("rate_limit_override", "greater_than_equal"),
                ("expires_at", "value_error"),
                ("environment", "value_error"),
                ("metadata", "value_error"),
            ]
        );
    }

    #[test]
    fn a_rate_limit_has_a_minimum_and_a_maximum() {
        assert_eq!(check_rate_limit(RATE_LIMIT_MAX), Ok(2_147_483_647));
        assert_eq!(check_rate_limit(RATE_LIMIT_MAX + 1).map_err(|e| e.rule), Err(Rule::LessThanEqual));
        assert_eq!(check_rate_limit(-1).map_err(|e| e.rule), Err(Rule::GreaterThanEqual));
    }
}
