//! Names of roles.

use crate::field::{FieldError, Rule};
use crate::text::check_length;

/// The most characters of a name.
pub const KEY_ROLE_NAME_LENGTH_MAX: usize = 64;

const FORM: &str =
    "Use lower-case letters, digits, -, _ and dots, and begin with a letter, such as billing-reader.";

/// The name of a role. It is compared byte by byte, and unique in the organization.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyRoleName(Box<str>);

impl KeyRoleName {
    pub fn check(text: &str) -> Result<Self, FieldError> {
        check_length(text, 1, KEY_ROLE_NAME_LENGTH_MAX)?;
        let is_name = text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte));
        if is_name { Ok(Self(text.into())) } else { Err(FieldError::new(Rule::ValueError, FORM)) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for KeyRoleName {
    type Error = FieldError;

    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::check(&text)
    }
}

impl From<KeyRoleName> for String {
    fn from(name: KeyRoleName) -> Self {
        name.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_that_begins_with_a_letter() {
        let longest = "a".repeat(KEY_ROLE_NAME_LENGTH_MAX);
        for name in ["billing-reader", "a", "eu.admin", "x_1", &longest] {
            assert_eq!(KeyRoleName::check(name).unwrap().as_str(), name);
        }
        let too_long = format!("{longest}a");
        for text in ["", "1a", "-a", "A", "a b", "a:b", "a*", "ä", "a\n", &too_long] {
            assert!(KeyRoleName::check(text).is_err(), "{text:?}");
        }
    }
}
