//! Names of permissions.

use crate::field::{FieldError, Rule};
use crate::key::Permission;
use crate::text::check_length;

/// The most characters of a name.
pub const PERMISSION_NAME_LENGTH_MAX: usize = 100;

const FORM: &str = "Use words in lower case that are separated by dots or colons, such as invoices.read. A word begins with a \
                    letter and contains only letters, digits, - and _.";
const CLASSIC: &str =
    "The words read, write, delete and admin have a meaning of their own. Use another name.";

/// The name of a permission that an organization has chosen: words of lower-case letters, digits, `-` and `_`,
/// separated by dots or colons.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PermissionName(Box<str>);

impl PermissionName {
    /// Checks a name. The four words of [`Permission`] are none.
    pub fn check(text: &str) -> Result<Self, FieldError> {
        check_form(text)?;
        if Permission::from_word(text).is_some() {
            return Err(FieldError::new(Rule::ValueError, CLASSIC));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks the length and the words of a name.
pub(super) fn check_form(text: &str) -> Result<(), FieldError> {
    check_length(text, 1, PERMISSION_NAME_LENGTH_MAX)?;
    let is_name = text.split(is_separator).all(is_word);
    if is_name { Ok(()) } else { Err(FieldError::new(Rule::ValueError, FORM)) }
}

/// Whether a character separates the words of a name.
pub(super) fn is_separator(character: char) -> bool {
    matches!(character, '.' | ':')
}

fn is_word(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
}

impl TryFrom<String> for PermissionName {
    type Error = FieldError;

    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::check(&text)
    }
}

impl From<PermissionName> for String {
    fn from(name: PermissionName) -> Self {
        name.0.into()
    }
}

impl std::fmt::Display for PermissionName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_words_separated_by_dots_or_colons() {
        let long = format!("a.{}", "b".repeat(98));
        for name in ["invoices.read", "apikey:verify", "billing", "a.b:c.d", "x1-y_z.w", &long] {
            assert_eq!(PermissionName::check(name).unwrap().as_str(), name);
        }
        let too_long = format!("{long}b");
        for text in [
            "", ".", "a.", ".a", "a..b", "a.:b", "A.b", "1a", "a b", "a\n", "a.*", "*", "ä", "-a", "a,b",
            &too_long,
        ] {
            assert!(PermissionName::check(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_words_of_keystead_are_no_names() {
        for word in ["read", "write", "delete", "admin"] {
            assert_eq!(PermissionName::check(word).unwrap_err().message, CLASSIC);
        }
        assert!(PermissionName::check("read.all").is_ok());
    }

    #[test]
    fn an_error_does_not_repeat_the_value() {
        let error = PermissionName::check("Geheim.lesen").unwrap_err();
        assert!(!error.message.contains("Geheim"));
    }
}
