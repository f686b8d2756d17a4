//! A role as it is created or changed.

use crate::field::{FieldError, FieldErrors, Rule};
use crate::permission::{GRANTS_OF_ROLE_MAX, Grants};
use crate::text::check_line;

use super::name::KeyRoleName;

/// The most roles of an organization.
pub const KEY_ROLES_MAX: usize = 200;
/// The most roles that a role holds directly.
pub const HELD_ROLES_MAX: usize = 50;
/// The most characters of a description.
pub const ROLE_DESCRIPTION_LENGTH_MAX: usize = 500;

/// An unchecked role.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct KeyRoleDraft {
    pub name: Option<String>,
    pub description: Option<String>,
    /// The permissions that the role brings.
    pub permissions: Option<Vec<String>>,
    /// The names of other roles, whose permissions it brings as well.
    pub roles: Option<Vec<String>>,
}

/// What a role says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyRoleFields {
    pub name: KeyRoleName,
    /// Empty if there is none.
    pub description: String,
    pub permissions: Grants,
    /// Other roles, each once, in their order.
    pub roles: Vec<KeyRoleName>,
}

impl KeyRoleDraft {
    /// Checks all fields by themselves, and reports all errors together. That there is no circle is checked with all
    /// roles of the organization.
    pub fn check(&self) -> Result<KeyRoleFields, FieldErrors> {
        let mut errors = FieldErrors::default();
        let missing = || Err(FieldError::new(Rule::Missing, "Give the role a name."));
        let name = errors.take("name", self.name.as_deref().map_or_else(missing, KeyRoleName::check));
        let description = self.description.clone().unwrap_or_default();
        errors.take("description", check_line(&description, 0, ROLE_DESCRIPTION_LENGTH_MAX));
        let words = self.permissions.as_deref().unwrap_or_default();
        let permissions = Grants::check(words, GRANTS_OF_ROLE_MAX, "permissions", &mut errors);
        let roles =
            check_role_names(self.roles.as_deref().unwrap_or_default(), HELD_ROLES_MAX, "roles", &mut errors);
        errors.or(name.map(|name| KeyRoleFields { name, description, permissions, roles }))
    }
}

/// Checks names of roles. The errors have the index of the name below `field`.
pub fn check_role_names(
    words: &[String],
    longest: usize,
    field: &str,
    errors: &mut FieldErrors,
) -> Vec<KeyRoleName> {
    if words.len() > longest {
        errors.push(field, Rule::ValueError, format!("Use at most {longest} roles."));
        return Vec::new();
    }
    let mut names = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        match KeyRoleName::check(word) {
            Ok(name) => names.push(name),
            Err(error) => errors.push_at(vec![field.into(), index.into()], error),
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn only_the_name_is_required() {
        let draft = KeyRoleDraft { name: Some("reader".into()), ..KeyRoleDraft::default() };
        let role = draft.check().unwrap();
        assert!(role.permissions.is_empty() && role.roles.is_empty() && role.description.is_empty());
    }

    #[test]
    fn roles_and_permissions_are_sorted_and_each_is_there_once() {
        let draft = KeyRoleDraft {
            name: Some("reader".into()),
            description: Some("Reads.".into()),
            permissions: Some(texts(&["b.read", "a.*", "b.read"])),
            roles: Some(texts(&["z", "a", "z"])),
        };
        let role = draft.check().unwrap();
        assert_eq!(role.permissions.words().collect::<Vec<_>>(), ["a.*", "b.read"]);
        assert_eq!(role.roles.iter().map(KeyRoleName::as_str).collect::<Vec<_>>(), ["a", "z"]);
    }

    #[test]
    fn every_validation_error_has_its_location() {
        let draft = KeyRoleDraft {
            name: None,
            description: Some("x".repeat(ROLE_DESCRIPTION_LENGTH_MAX + 1)),
            permissions: Some(texts(&["a.read", "admin"])),
            roles: Some(texts(&["A"])),
        };
        let errors = draft.check().unwrap_err();
        let fields: Vec<_> =
            errors.iter().map(|error| (error.field().to_owned(), error.location.len())).collect();
        let expected = [("name", 1), ("description", 1), ("permissions", 2), ("roles", 2)];
        assert_eq!(fields, expected.map(|(field, steps)| (field.to_owned(), steps)));
        let many = vec!["a".to_owned(); HELD_ROLES_MAX + 1];
        let draft = KeyRoleDraft { name: Some("a".into()), roles: Some(many), ..KeyRoleDraft::default() };
        assert_eq!(draft.check().unwrap_err().iter().count(), 1);
    }
}
