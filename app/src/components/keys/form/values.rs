//! The content of the form for a key as plain values, and the draft that is made from them.

use model::Timestamp;
use model::field::FieldErrors;
use model::key::{Change, Environment, Key, KeyDraft, KeyPatchDraft, Permission, ScopeDraft};

use super::expiry::ExpiryChoice;
use crate::metadata_rows::{MetadataRow, read_rows};

/// The content of the form's fields, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyValues {
    pub name: String,
    pub description: String,
    /// The word of a permission; empty for none.
    pub permission: String,
    /// The form value of an [`ExpiryChoice`].
    pub expiry: String,
    /// The text of the date field.
    pub expiry_at: String,
    /// Empty for the default limit.
    pub rate_limit: String,
    pub scopes: Vec<ScopeDraft>,
    /// Only the form for a new key has a field for it.
    pub environment: String,
    pub metadata: Vec<MetadataRow>,
}

impl Default for KeyValues {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            permission: Permission::Read.to_string(),
            expiry: ExpiryChoice::default().to_value(),
            expiry_at: String::new(),
            rate_limit: String::new(),
            scopes: Vec::new(),
            environment: Environment::LIVE.to_string(),
            metadata: Vec::new(),
        }
    }
}

impl KeyValues {
    /// The values of an existing key, for the form that changes it.
    pub fn of(key: &Key) -> Self {
        let expiry = key.fields.expires_at.map_or(ExpiryChoice::Never, |_| ExpiryChoice::At);
        Self {
            name: key.fields.name.as_str().to_owned(),
            description: key.fields.description.clone(),
            permission: key.fields.permissions.strongest().map(|word| word.to_string()).unwrap_or_default(),
            expiry: expiry.to_value(),
            expiry_at: key.fields.expires_at.map(Timestamp::to_field).unwrap_or_default(),
            rate_limit: key.fields.rate_limit_override.map(|limit| limit.to_string()).unwrap_or_default(),
            scopes: key.fields.scopes.iter().map(ScopeDraft::from).collect(),
            environment: key.fields.environment.to_string(),
            metadata: MetadataRow::all_of(&key.fields.metadata),
        }
    }

    /// The values for a new key like this one. The name gets a number, because the name itself is taken. The name of an
    /// admin key is reserved, so it is left empty. If the expiry has passed, the default lifetime is used.
    pub fn copy_of(key: &Key, now: Timestamp) -> Self {
        let mut values = Self::of(key);
        if key.is_admin_key() {
            values.name = String::new();
        } else {
            values.name = next_name(&values.name);
        }
        if key.fields.expires_at.is_some_and(|end| end <= now) {
            values.expiry = ExpiryChoice::default().to_value();
            values.expiry_at = String::new();
        }
        values
    }

    /// The draft of a new key.
    pub fn to_draft(&self, now: Timestamp) -> KeyDraft {
        KeyDraft {
            name: Some(self.name.clone()),
            description: Some(self.description.clone()),
            permissions: Some(self.permission_words()),
            scopes: Some(self.scopes.clone()),
            rate_limit_override: self.limit(),
            expires_at: self.expires_at(now),
            environment: Some(self.environment.clone()),
            metadata: Some(read_rows(&self.metadata).0),
        }
    }

    /// The draft that changes `key` to these values. It contains only what differs, so that two people who edit
    /// different fields do not undo each other's changes.
    pub fn to_patch(&self, key: &Key, now: Timestamp) -> KeyPatchDraft {
        let before = Self::of(key);
        // The form shows the expiry only to the minute, and only the strongest permission. If a field is untouched, the
        // exact value must stay.
        let same_expiry = (&self.expiry, &self.expiry_at) == (&before.expiry, &before.expiry_at);
        let expires_at = match self.expires_at(now) {
            _ if same_expiry => Change::Keep,
            None => Change::Clear,
            Some(text) => Change::Set(text),
        };
        let rate_limit_override = match self.limit() {
            limit if limit == before.limit() => Change::Keep,
            None => Change::Clear,
            Some(limit) => Change::Set(limit),
        };
        let metadata = read_rows(&self.metadata).0;
        KeyPatchDraft {
            name: (self.name != before.name).then(|| self.name.clone()),
            description: (self.description != before.description).then(|| self.description.clone()),
            permissions: (self.permission != before.permission).then(|| self.permission_words()),
            scopes: (self.scopes != before.scopes).then(|| self.scopes.clone()),
            rate_limit_override,
            expires_at,
            metadata: (metadata != *key.fields.metadata.members()).then_some(metadata),
            status: None,
        }
    }

    /// The errors of a change of `key`, or of a new key.
    pub fn errors(&self, key: Option<&Key>, now: Timestamp) -> FieldErrors {
        let checked = match key {
            Some(key) => self.to_patch(key, now).check(now).map(drop),
            None => self.to_draft(now).check(now).map(drop),
        };
        let mut errors = checked.err().unwrap_or_default();
        errors.append_at(&[], read_rows(&self.metadata).1);
        errors
    }

    /// The expiry to send: in RFC 3339, or the date field as typed; `None` for never.
    pub fn expires_at(&self, now: Timestamp) -> Option<String> {
        ExpiryChoice::from_value(&self.expiry).to_draft(&self.expiry_at, now)
    }

    /// Removes the scope at a position.
    pub fn remove_scope(&mut self, index: usize) {
        if index < self.scopes.len() {
            self.scopes.remove(index);
        }
    }

    /// Allows an operation in a scope, or no longer. A scope in which none is chosen allows all of them.
    pub fn allow_operation(&mut self, index: usize, word: &str, is_on: bool) {
        let Some(scope) = self.scopes.get_mut(index) else { return };
        let mut words = scope.operations.take().unwrap_or_default();
        words.retain(|known| known != word);
        words.extend(is_on.then(|| word.to_owned()));
        scope.operations = Some(words).filter(|words| !words.is_empty());
    }

    fn permission_words(&self) -> Vec<String> {
        Some(self.permission.clone()).filter(|word| !word.is_empty()).into_iter().collect()
    }

    /// The rate limit to send. Text that is not a number becomes a number that the check refuses, so that the check
    /// reports the error.
    fn limit(&self) -> Option<i64> {
        let digits = self.rate_limit.trim();
        let is_huge = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        (!digits.is_empty()).then(|| digits.parse().unwrap_or(if is_huge { i64::MAX } else { 0 }))
    }
}

/// The name with the next number: `ci` gives `ci 2`, and `ci 2` gives `ci 3`.
fn next_name(name: &str) -> String {
    match name.rsplit_once(' ').and_then(|(stem, digits)| Some((stem, digits.parse::<u32>().ok()?))) {
        Some((stem, number)) if number < 1_000_000 => format!("{stem} {}", number + 1),
        _ => format!("{name} 2"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::keys::sample::{key, moment};

    #[test]
    fn a_key_with_only_a_name_can_read_and_expires_after_90_days() {
        let values = KeyValues { name: "ci".into(), ..KeyValues::default() };
        let new = values.to_draft(moment(0)).check(moment(0)).unwrap();
        assert_eq!(new.permissions.words(), ["read"]);
        assert_eq!(new.expires_at, Some(moment(90 * 86_400)));
        assert_eq!(new.rate_limit_override, None);
    }

    #[test]
    fn an_untouched_form_changes_nothing() {
        let mut key = key();
        key.fields.permissions = vec![Permission::Read, Permission::Delete].into();
        key.fields.expires_at = Some(moment(86_400).plus_seconds(7));
        key.fields.rate_limit_override = Some(60);
        key.fields.environment = Environment::parse("test").unwrap();
        key.fields.metadata = serde_json::from_value(serde_json::json!({"n": 0.5, "list": [1]})).unwrap();
        let patch = KeyValues::of(&key).to_patch(&key, moment(0));
        assert_eq!(patch, KeyPatchDraft::default());
    }

    #[test]
    fn a_change_contains_only_what_differs() {
        let key = key();
        let values = KeyValues { rate_limit: "5".into(), ..KeyValues::of(&key) };
        let expected = KeyPatchDraft { rate_limit_override: Change::Set(5), ..KeyPatchDraft::default() };
        assert_eq!(values.to_patch(&key, moment(0)), expected);
    }

    #[test]
    fn a_change_of_one_member_sends_all_metadata() {
        let mut key = key();
        key.fields.metadata = serde_json::from_value(serde_json::json!({"n": 5, "team": "a"})).unwrap();
        let mut values = KeyValues::of(&key);
        values.metadata[1].value = "b".into();
        let patch = values.to_patch(&key, moment(0));
        let sent = serde_json::json!({"metadata": {"n": 5, "team": "b"}});
        let expected: KeyPatchDraft = serde_json::from_value(sent).unwrap();
        assert_eq!(patch, expected);
        values.metadata.clear();
        assert_eq!(values.to_patch(&key, moment(0)).metadata, Some(serde_json::Map::new()));
    }

    #[test]
    fn errors_of_the_draft_and_of_single_rows_are_found_together() {
        let unnamed = MetadataRow { value: "x".into(), ..MetadataRow::default() };
        let values =
            KeyValues { environment: "Test".into(), metadata: vec![unnamed], ..KeyValues::default() };
        let errors = values.errors(None, moment(0));
        let places: Vec<_> = errors.iter().map(|error| (error.field(), error.location.len())).collect();
        assert_eq!(places, [("name", 1), ("environment", 1), ("metadata", 3)]);
        let changed = values.errors(Some(&key()), moment(0));
        assert!(changed.message_for("environment").is_none(), "a change has no environment");
        assert!(changed.message_for("metadata").is_some());
    }

    #[test]
    fn text_that_is_no_rate_limit_becomes_a_number_that_the_check_refuses() {
        for (typed, draft) in [
            ("", None),
            (" 5 ", Some(5)),
            ("-1", Some(-1)),
            ("1.5", Some(0)),
            ("9".repeat(30).as_str(), Some(i64::MAX)),
        ] {
            let values = KeyValues { rate_limit: typed.into(), ..KeyValues::default() };
            assert_eq!(values.to_draft(moment(0)).rate_limit_override, draft, "{typed}");
        }
    }

    #[test]
    fn a_scope_without_a_chosen_operation_allows_all_of_them() {
        let mut values = KeyValues { scopes: vec![ScopeDraft::default()], ..KeyValues::default() };
        values.allow_operation(0, "read_data", true);
        values.allow_operation(0, "read_data", true);
        assert_eq!(values.scopes[0].operations, Some(vec!["read_data".to_owned()]));
        values.allow_operation(0, "read_data", false);
        assert_eq!(values.scopes[0].operations, None);
        values.allow_operation(1, "read_data", true);
        values.remove_scope(1);
        assert_eq!(values.scopes, [ScopeDraft::default()]);
        values.remove_scope(0);
        assert_eq!(values.scopes, []);
    }

    #[test]
    fn a_copy_has_the_same_environment_and_metadata() {
        let mut original = key();
        original.fields.environment = Environment::parse("test").unwrap();
        original.fields.metadata = serde_json::from_value(serde_json::json!({"team": "a"})).unwrap();
        let copy = KeyValues::copy_of(&original, moment(0)).to_draft(moment(0)).check(moment(0)).unwrap();
        assert_eq!(
            (copy.environment, &copy.metadata),
            (original.fields.environment, &original.fields.metadata)
        );
    }

    #[test]
    fn a_copy_gets_a_new_name_and_an_expiry_in_the_future() {
        let mut original = key();
        original.fields.expires_at = Some(moment(10));
        assert_eq!(KeyValues::copy_of(&original, moment(0)).name, "ci 2");
        assert_eq!(KeyValues::copy_of(&original, moment(0)).expiry, "at");
        assert_eq!(KeyValues::copy_of(&original, moment(10)).expiry, "90");
        assert_eq!(next_name("ci 2"), "ci 3");
    }
}
