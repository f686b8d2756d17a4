//! The content of the form for a key as plain values, and the draft that is made from them.

use model::Timestamp;
use model::field::{FieldErrors, Step};
use model::key::{Change, Key, KeyDraft, KeyPatchDraft, Permission, ScopeDraft};
use model::problem::{Code, Problem};

use super::expiry::ExpiryChoice;

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
        KeyPatchDraft {
            name: (self.name != before.name).then(|| self.name.clone()),
            description: (self.description != before.description).then(|| self.description.clone()),
            permissions: (self.permission != before.permission).then(|| self.permission_words()),
            scopes: (self.scopes != before.scopes).then(|| self.scopes.clone()),
            rate_limit_override,
            expires_at,
            status: None,
        }
    }

    /// The expiry to send: in RFC 3339, or the date field as typed; `None` for never.
    pub fn expires_at(&self, now: Timestamp) -> Option<String> {
        ExpiryChoice::from_value(&self.expiry).to_draft(&self.expiry_at, now)
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

/// The field errors of a problem. A name that is taken counts as one of them, although the server reports it without a
/// field.
pub fn fields_of(problem: &Problem) -> FieldErrors {
    if problem.code == Code::AlreadyExists && problem.fields.is_empty() {
        return FieldErrors::one("name", model::field::Rule::ValueError, problem.message.clone());
    }
    problem.fields.clone()
}

/// Whether the field of this name shows errors at this location of the draft. In scopes, each part of each row has a
/// name of its own, such as `scopes-0-resource_id`.
pub fn belongs_to_field(location: &[Step], field: &str) -> bool {
    let names: Vec<_> = location
        .iter()
        .take(3)
        .map(|step| match step {
            Step::Index(index) => index.to_string(),
            Step::Name(name) => name.clone(),
        })
        .collect();
    let place = if names.first().is_some_and(|name| name == "scopes") {
        names.join("-")
    } else {
        names.into_iter().next().unwrap_or_default()
    };
    place == field
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
    fn a_copy_gets_a_new_name_and_an_expiry_in_the_future() {
        let mut original = key();
        original.fields.expires_at = Some(moment(10));
        assert_eq!(KeyValues::copy_of(&original, moment(0)).name, "ci 2");
        assert_eq!(KeyValues::copy_of(&original, moment(0)).expiry, "at");
        assert_eq!(KeyValues::copy_of(&original, moment(10)).expiry, "90");
        assert_eq!(next_name("ci 2"), "ci 3");
    }

    #[test]
    fn an_error_is_shown_at_its_field() {
        let place = |steps: &[Step]| steps.to_vec();
        assert!(belongs_to_field(&place(&["name".into()]), "name"));
        assert!(belongs_to_field(&place(&["permissions".into(), 0_usize.into()]), "permissions"));
        assert!(belongs_to_field(
            &place(&["scopes".into(), 1_usize.into(), "resource_id".into()]),
            "scopes-1-resource_id"
        ));
        assert!(!belongs_to_field(
            &place(&["scopes".into(), 1_usize.into(), "resource_id".into()]),
            "scopes"
        ));
    }

    #[test]
    fn a_name_that_is_taken_is_an_error_of_the_name() {
        let problem = Problem::new(Code::AlreadyExists, "taken");
        assert_eq!(fields_of(&problem).message_for("name"), Some("taken"));
        assert!(fields_of(&Problem::new(Code::Internal, "x")).is_empty());
    }
}
