//! Names and descriptions of keys.

use crate::field::{FieldError, Rule};
use crate::text::{check_name, check_paragraph, check_stored_line, looks_like_admin_key};

/// Longest name, in characters.
pub const NAME_LENGTH_MAX: usize = 100;
/// Longest description, in characters.
pub const DESCRIPTION_LENGTH_MAX: usize = 500;
/// The name of the admin key, a protected key that only the operator can replace.
pub const ADMIN_KEY: &str = "admin-key";

/// The error for a name that reads like the admin key's.
pub const READS_LIKE_ADMIN_KEY: &str = "This name looks like admin-key, which is reserved.";

/// A key's name, spelled as it was sent. Two names that differ only in Unicode normalization are one name: the server
/// compares [`Self::normalized`]. Names are not trimmed, and letter case counts.
///
/// `==` compares the spelling.
///
/// `admin-key` itself is a valid name here. Other code decides who may use it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyName(String);

impl KeyName {
    /// Checks a name for a new key.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_name(text, NAME_LENGTH_MAX)?;
        if matches!(text, "." | "..") {
            // Clients collapse `.` and `..` in a URL path, so that the request would reach the owner instead of the
            // key.
            return Err(FieldError::new(
                Rule::ValueError,
                "Choose another name. The names . and .. cannot be used in URLs.",
            ));
        }
        if text != ADMIN_KEY && looks_like_admin_key(text) {
            return Err(FieldError::new(Rule::ValueError, READS_LIKE_ADMIN_KEY));
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads a name that a key may already have. Rules that came later do not apply to it.
    pub fn existing(text: &str) -> Result<Self, FieldError> {
        check_stored_line(text, 1, NAME_LENGTH_MAX).map(|()| Self(text.to_owned()))
    }

    pub fn admin_key() -> Self {
        Self(ADMIN_KEY.to_owned())
    }

    pub fn is_admin_key(&self) -> bool {
        self.0 == ADMIN_KEY
    }

    /// Whether a person may mistake the name for `admin-key`, although it differs. This is not part of [`Self::parse`],
    /// because keys that were named before this check existed must still be found by their names. The browser does not
    /// have the necessary tables.
    #[cfg(not(target_family = "wasm"))]
    pub fn looks_like_admin_key(&self) -> bool {
        !self.is_admin_key() && crate::lookalike::reads_like_admin_key(&self.0)
    }

    /// The spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which names are compared (NFC).
    #[cfg(not(target_family = "wasm"))]
    pub fn normalized(&self) -> std::borrow::Cow<'_, str> {
        crate::text::normalized(&self.0)
    }
}

impl TryFrom<String> for KeyName {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::existing(&text).map_err(|error| error.message)
    }
}

impl From<KeyName> for String {
    fn from(name: KeyName) -> Self {
        name.0
    }
}

/// Checks a key's description and returns it.
pub fn check_description(text: &str) -> Result<String, FieldError> {
    check_paragraph(text, DESCRIPTION_LENGTH_MAX).map(|()| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreachable_and_misleading_names_are_refused() {
        for bad in ["", " ", ".", "..", "a\0", "a\u{202E}b", "a\u{200B}", "Admin-Key", "admin_key"] {
            assert!(KeyName::parse(bad).is_err(), "{bad:?}");
        }
        for good in ["a", "...", "a/b", "100%", "?#+ x", "' OR 1=1 --", "ключ", "👩‍💻", " padded ", "admin-key"]
        {
            assert_eq!(KeyName::parse(good).unwrap().as_str(), good);
        }
        assert!(KeyName::parse(&"é".repeat(100)).is_ok());
        assert!(KeyName::parse(&"é".repeat(101)).is_err());
        // Each of these becomes two characters when it is normalized.
        assert!(KeyName::parse(&"\u{958}".repeat(50)).is_ok());
        assert!(KeyName::parse(&"\u{958}".repeat(51)).is_err());
    }

    #[test]
    fn a_name_that_a_key_has_is_read_even_if_no_new_key_may_have_it() {
        for old in ["a\u{FFFF}", "admin_key", "🔑\u{200D}→"] {
            assert!(KeyName::parse(old).is_err(), "{old:?}");
            assert_eq!(KeyName::try_from(old.to_owned()).unwrap().as_str(), old);
        }
        assert!(KeyName::try_from("a\0".to_owned()).is_err());
    }
}
