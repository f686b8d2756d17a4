//! Stored words that another version of the server may have written.

use std::fmt;

use crate::string_enum::StringEnum;

/// A stored word that is only displayed and that no verdict depends on. During an upgrade two versions share a
/// database, so the newer one may have stored a word that the older one does not know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Stored<T> {
    /// A word that this version knows.
    Known(T),
    /// Any other word. It is passed through unchanged.
    Unknown(String),
}

impl<T: StringEnum> Stored<T> {
    pub fn from_word(word: String) -> Self {
        T::from_word(&word).map_or(Self::Unknown(word), Self::Known)
    }

    /// The word as it is stored.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(word) => word.as_str(),
            Self::Unknown(word) => word,
        }
    }

    /// The value, if this version knows the word.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(word) => Some(*word),
            Self::Unknown(_) => None,
        }
    }
}

impl<T> From<T> for Stored<T> {
    fn from(word: T) -> Self {
        Self::Known(word)
    }
}

impl<T: PartialEq> PartialEq<T> for Stored<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Known(word) if word == other)
    }
}

impl<T: StringEnum> fmt::Display for Stored<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AuditAction;

    #[test]
    fn a_stored_word_keeps_its_spelling_even_if_unknown() {
        for (word, known) in [("user_created", Some(AuditAction::UserCreated)), ("team_created", None)] {
            let stored = Stored::<AuditAction>::from_word(word.to_owned());
            assert_eq!((stored.known(), stored.as_str()), (known, word));
            let json = serde_json::to_string(&stored).unwrap();
            assert_eq!(json, format!("\"{word}\""));
            assert_eq!(serde_json::from_str::<Stored<AuditAction>>(&json).unwrap(), stored);
        }
    }
}
