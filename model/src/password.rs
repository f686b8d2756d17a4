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

    /// The form in which passwords are hashed (NFC). A keyboard of another system may send the same password in another
    /// form.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn normalized(&self) -> Self {
        use unicode_normalization::UnicodeNormalization as _;
        // The longest that NFC makes of a text, so that the text does not move and leave a copy in memory.
        let mut form = String::with_capacity(self.0.len().saturating_mul(3));
        form.extend(self.0.nfc());
        Self(form)
    }

    /// Whether both are the same password. The browser compares what was typed; the server decides.
    pub fn is_same(&self, other: &Self) -> bool {
        #[cfg(not(target_family = "wasm"))]
        let (one, other) = (&self.normalized(), &other.normalized());
        #[cfg(target_family = "wasm")]
        let one = self;
        one == other
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_password_is_the_same_in_every_form(text in "\\PC{0,20}") {
            use unicode_normalization::UnicodeNormalization as _;
            let password = Password::typed(&*text);
            let composed = Password::typed(text.nfc().collect::<String>());
            let decomposed = Password::typed(text.nfd().collect::<String>());
            proptest::prop_assert!(composed.is_same(&decomposed) && password.is_same(&composed));
            proptest::prop_assert_eq!(decomposed.normalized(), composed);
        }
    }

    #[test]
    fn other_passwords_stay_apart_and_the_length_is_that_of_what_was_typed() {
        assert!(!Password::typed("ﬁ２ é").is_same(&Password::typed("fi2 é")));
        assert!(!Password::typed("Pass").is_same(&Password::typed("pass")));
        assert!(Password::typed("e\u{301}".repeat(5)).check().is_ok());
        assert!(Password::typed("é".repeat(5)).check().is_err());
    }
}
