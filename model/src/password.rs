//! Passwords: their one rule, and a type that does not print.

use std::fmt;

use zeroize::Zeroize;

use crate::field::{FieldError, Rule};

/// Shortest password, in characters.
pub const LENGTH_MIN: usize = 10;
/// Longest password, in characters: room for any passphrase, no room for megabytes into a slow hash.
pub const LENGTH_MAX: usize = 200;

/// A password as somebody types it. Wiped from memory when dropped; prints as `…`.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Takes what was typed, unchecked: for signing in, where every password is worth a comparison.
    pub fn typed(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Checks a new password: 10 to 200 characters, whatever they are.
    pub fn check(&self) -> Result<(), FieldError> {
        let characters = self.0.chars().take(LENGTH_MAX + 1).count();
        if characters < LENGTH_MIN {
            Err(FieldError::new(Rule::StringTooShort, format!("Use at least {LENGTH_MIN} characters.")))
        } else if characters > LENGTH_MAX {
            Err(FieldError::new(Rule::StringTooLong, format!("Use at most {LENGTH_MAX} characters.")))
        } else {
            Ok(())
        }
    }

    /// The password itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Drop for Password {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
