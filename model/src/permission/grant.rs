//! Grants: the permissions that a key, a service account or a role has.

use crate::field::{FieldError, FieldErrors, Rule};
use crate::key::Permission;

use super::name::{PermissionName, check_form, is_separator};

/// The most grants of a key or a service account.
pub const GRANTS_OF_KEY_MAX: usize = 100;
/// The most grants of a role.
pub const GRANTS_OF_ROLE_MAX: usize = 1000;

const STAR: &str = "Use * alone, or after the last dot or colon, such as invoices.*";
const CLASSIC: &str = "Give read, write, delete and admin as the permissions of the key itself.";

/// A set of grants, each once, in the order of their bytes. A grant is the name of a permission, a name followed by
/// `.*` or `:*`, which covers all longer names that begin with it, or `*`, which covers all names.
///
/// A grant never covers the four words of [`Permission`] and never gives a right inside Keystead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Grants(Box<[Box<str>]>);

impl Grants {
    /// Checks words. The errors have the index of the word below `field`.
    pub fn check(words: &[String], longest: usize, field: &str, errors: &mut FieldErrors) -> Self {
        if words.len() > longest {
            errors.push(field, Rule::ValueError, format!("Use at most {longest} permissions."));
            return Self::default();
        }
        let mut grants: Vec<Box<str>> = Vec::with_capacity(words.len());
        for (index, word) in words.iter().enumerate() {
            match check_grant(word) {
                Ok(()) => grants.push(word.as_str().into()),
                Err(error) => errors.push_at(vec![field.into(), index.into()], error),
            }
        }
        grants.sort_unstable();
        grants.dedup();
        Self(grants.into())
    }

    /// Whether a grant covers this permission.
    pub fn covers(&self, name: &PermissionName) -> bool {
        let name = name.as_str();
        // `*` is the first of all, because no letter comes before it.
        self.0.first().is_some_and(|first| &**first == "*")
            || self.0.binary_search_by(|grant| (**grant).cmp(name)).is_ok()
            || name.char_indices().filter(|(_, character)| is_separator(*character)).any(|(at, _)| {
                let beginning = name.get(..=at).unwrap_or_default();
                let pattern = beginning.bytes().chain([b'*']);
                self.0.binary_search_by(|grant| grant.bytes().cmp(pattern.clone())).is_ok()
            })
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The grants, in their order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|grant| &**grant)
    }

    /// All grants of both sets.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut grants: Vec<_> = self.0.iter().chain(&other.0).cloned().collect();
        grants.sort_unstable();
        grants.dedup();
        Self(grants.into())
    }
}

fn check_grant(word: &str) -> Result<(), FieldError> {
    if Permission::from_word(word).is_some() {
        return Err(FieldError::new(Rule::ValueError, CLASSIC));
    }
    if word == "*" {
        return Ok(());
    }
    match word.strip_suffix('*') {
        Some(beginning) => {
            let name = beginning.strip_suffix(is_separator);
            let name = name.filter(|name| !name.contains('*'));
            name.map_or_else(|| Err(FieldError::new(Rule::ValueError, STAR)), check_form)?;
            // The whole grant is as long as a name may be.
            crate::text::check_length(word, 1, super::PERMISSION_NAME_LENGTH_MAX)
        }
        None if word.contains('*') => Err(FieldError::new(Rule::ValueError, STAR)),
        None => check_form(word),
    }
}

impl TryFrom<Vec<String>> for Grants {
    type Error = FieldErrors;

    fn try_from(words: Vec<String>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let grants = Self::check(&words, GRANTS_OF_ROLE_MAX, "permissions", &mut errors);
        errors.or(Some(grants))
    }
}

impl From<Grants> for Vec<String> {
    fn from(grants: Grants) -> Self {
        grants.0.into_iter().map(String::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(words: &[&str]) -> Grants {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        Grants::try_from(words).unwrap()
    }

    fn covers(words: &[&str], name: &str) -> bool {
        grants(words).covers(&PermissionName::check(name).unwrap())
    }

    #[test]
    fn a_grant_covers_its_name_or_what_begins_with_its_pattern() {
        for (words, name, is_covered) in [
            (&["invoices.read"] as &[_], "invoices.read", true),
            (&["invoices.read"], "invoices.write", false),
            (&["invoices.read"], "invoices", false),
            (&["invoices.read"], "invoices.read.all", false),
            (&["invoices.*"], "invoices.read", true),
            (&["invoices.*"], "invoices.eu.read", true),
            (&["invoices.*"], "invoices", false),
            (&["invoices.*"], "invoices:read", false),
            (&["invoices.*"], "invoicesx.read", false),
            (&["invoices:*"], "invoices:read", true),
            (&["a.b.*"], "a.c", false),
            (&["*"], "anything.at:all", true),
            (&["zoo.*", "b", "a.*", "invoices.read"], "a.x", true),
            (&["zoo.*", "b", "a.*", "invoices.read"], "zoo.x", true),
            (&["zoo.*", "b", "a.*", "invoices.read"], "b", true),
            (&["zoo.*", "b", "a.*", "invoices.read"], "c", false),
            (&[], "a", false),
        ] {
            assert_eq!(covers(words, name), is_covered, "{words:?} {name}");
        }
    }

    #[test]
    fn grants_are_sorted_and_each_is_there_once() {
        let all = grants(&["b", "*", "a.*", "b", "a"]);
        assert_eq!(all.words().collect::<Vec<_>>(), ["*", "a", "a.*", "b"]);
        assert_eq!(all.union(&grants(&["c", "a"])).words().count(), 5);
    }

    #[test]
    fn a_malformed_grant_is_an_error_at_its_index() {
        let long = format!("{}.*", "a".repeat(99));
        let words = ["a", "**", "*.a", "a*", "a.*.b", "a.**", ".*", "*.*", "admin", "A", "", &long];
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut errors = FieldErrors::default();
        assert_eq!(Grants::check(&words, 100, "permissions", &mut errors).words().collect::<Vec<_>>(), ["a"]);
        let places: Vec<_> = errors.iter().map(|error| error.location[1].clone()).collect();
        assert_eq!(places, (1..words.len()).map(crate::field::Step::from).collect::<Vec<_>>());
    }

    #[test]
    fn too_many_grants_are_one_error() {
        let words: Vec<_> = (0..=GRANTS_OF_KEY_MAX).map(|number| format!("a{number}")).collect();
        let mut errors = FieldErrors::default();
        assert!(Grants::check(&words, GRANTS_OF_KEY_MAX, "permissions", &mut errors).is_empty());
        assert_eq!(errors.iter().count(), 1);
        let mut errors = FieldErrors::default();
        Grants::check(&words[1..], GRANTS_OF_KEY_MAX, "permissions", &mut errors);
        assert!(errors.is_empty());
    }
}
