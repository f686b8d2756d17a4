//! Passwords: the length rule, and a type that does not print its value.

use std::fmt;

use zeroize::Zeroize;

use crate::field::{FieldError, Rule};

/// Shortest password, in characters.
pub const LENGTH_MIN: usize = 10;
/// Longest password, in characters. Long enough for any passphrase, and short enough that nobody can make the server
/// hash megabytes.
pub const LENGTH_MAX: usize = 200;

/// A password as entered. It is wiped from memory when dropped, and `Debug` prints `…`.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Takes a password without checking it. Used for signing in, where any input has to be compared.
    pub fn typed(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Checks a new password: 10 to 200 characters of any kind.
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

    /// The password text.
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
