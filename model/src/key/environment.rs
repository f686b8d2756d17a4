//! The environment of a key, such as `live` or `test`.

use std::fmt;

use crate::field::{FieldError, Rule};

/// The most characters of an environment.
pub const ENVIRONMENT_LENGTH_MAX: usize = 9;

/// A word of the organization's choice that says where a key belongs: 1 to 9 of `a-z0-9`, beginning with a letter. It
/// is chosen when the key is created and never changes, because it can be part of the secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Environment {
    /// The word, followed by zeros. It is stored inside, because there may be millions of keys in memory.
    word: [u8; ENVIRONMENT_LENGTH_MAX],
}

impl Environment {
    /// The environment of a key for which none was chosen.
    pub const LIVE: Self = Self { word: *b"live\0\0\0\0\0" };

    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let bytes = text.as_bytes();
        let is_word = bytes.first().is_some_and(u8::is_ascii_lowercase)
            && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let mut word = [0; ENVIRONMENT_LENGTH_MAX];
        match word.get_mut(..bytes.len()) {
            Some(room) if is_word => room.copy_from_slice(bytes),
            _ => {
                return Err(FieldError::new(
                    Rule::ValueError,
                    "Use 1 to 9 lower-case letters or digits, beginning with a letter, for example test.",
                ));
            }
        }
        Ok(Self { word })
    }

    pub fn as_str(&self) -> &str {
        let length = self.word.iter().take_while(|byte| **byte != 0).count();
        self.word.get(..length).and_then(|word| str::from_utf8(word).ok()).unwrap_or_default()
    }

    pub fn is_live(&self) -> bool {
        *self == Self::LIVE
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::LIVE
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl TryFrom<String> for Environment {
    type Error = FieldError;

    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::parse(&text)
    }
}

impl From<Environment> for String {
    fn from(environment: Environment) -> Self {
        environment.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_is_a_short_word() {
        for word in ["live", "test", "a", "eu1", "staging9x"] {
            assert_eq!(Environment::parse(word).map(|environment| environment.to_string()), Ok(word.into()));
        }
        for word in ["", "Test", "1st", "pre-prod", "staging10x", "tést", "a b", "a\0", "_"] {
            assert_eq!(
                Environment::parse(word).map_err(|error| error.rule),
                Err(Rule::ValueError),
                "{word:?}"
            );
        }
        assert!(Environment::default().is_live() && Environment::parse("live").unwrap().is_live());
    }
}
