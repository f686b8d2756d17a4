//! Versions of keys, by which a change based on an outdated state is refused (`If-Match`).

use crate::id::KeyId;

use super::Key;

/// One version of one key. Uses of the key and the passing of time do not create a new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyVersion {
    /// The key id. It is part of the version because a name can pass to another key, which has versions of its own.
    pub key_id: KeyId,
    pub version: i64,
}

impl KeyVersion {
    /// The version of a key as it was read.
    pub fn of(key: &Key) -> Self {
        Self { key_id: key.key_id.clone(), version: key.version }
    }

    /// The form on the wire: `key_….7`.
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.key_id, self.version)
    }

    /// Reads the form on the wire. `None` if the text is malformed.
    pub fn from_text(text: &str) -> Option<Self> {
        let (key_id, digits) = text.split_once('.')?;
        let version = digits.parse().ok()?;
        // Only the canonical form is accepted: no leading zeros and no plus sign.
        let state = Self { key_id: KeyId::parse(key_id).ok()?, version };
        (state.to_text() == text).then_some(state)
    }
}

/// The version that a change requires.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Precondition {
    /// Any version.
    #[default]
    Anything,
    /// One of these versions.
    OneOf(Vec<KeyVersion>),
}

impl Precondition {
    /// Requires the version that the client read, if it gave one. `key_id` identifies the key.
    pub fn seen(key_id: &KeyId, version: Option<i64>) -> Self {
        version.map_or(Self::Anything, |version| {
            Self::OneOf(vec![KeyVersion { key_id: key_id.clone(), version }])
        })
    }

    /// Whether the key has a required version.
    pub fn fits(&self, key: &Key) -> bool {
        match self {
            Self::Anything => true,
            Self::OneOf(states) => {
                states.iter().any(|state| state.key_id == key.key_id && state.version == key.version)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_has_its_own_text() {
        let state = KeyVersion { key_id: KeyId::from_random("a1"), version: 7 };
        assert_eq!(state.to_text(), "key_a1.7");
        assert_eq!(KeyVersion::from_text("key_a1.7"), Some(state));
        for text in ["", "7", "key_a1", "key_a1.", "key_a1.07", "key_a1.+7", "usr_a1.7", "key_a1.7.7"] {
            assert_eq!(KeyVersion::from_text(text), None, "{text}");
        }
    }
}
