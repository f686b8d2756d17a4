//! Which state of a key a change is based on, so that nobody undoes what they have not seen.

use crate::id::KeyId;

use super::Key;

/// One state of one key. Last uses and the passing of time make no new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyVersion {
    /// The key. A name may have gone over to another key meanwhile, whose versions are other states.
    pub key_id: KeyId,
    /// The key's version.
    pub version: i64,
}

impl KeyVersion {
    /// The state of a key as it was read.
    pub fn of(key: &Key) -> Self {
        Self { key_id: key.key_id.clone(), version: key.version }
    }

    /// The form on the wire: `key_….7`.
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.key_id, self.version)
    }

    /// Reads the form on the wire; nothing when it is none of ours.
    pub fn from_text(text: &str) -> Option<Self> {
        let (key_id, digits) = text.split_once('.')?;
        let version = digits.parse().ok()?;
        // One state has one text: no leading zeros, no sign.
        let state = Self { key_id: KeyId::parse(key_id).ok()?, version };
        (state.to_text() == text).then_some(state)
    }
}

/// What a change asks of the state that it meets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Basis {
    /// Nothing: it fits any state.
    #[default]
    Anything,
    /// That it is one of these, none other.
    OneOf(Vec<KeyVersion>),
}

impl Basis {
    /// The state that somebody saw, of a key that is known by its id.
    pub fn seen(key_id: &KeyId, version: Option<i64>) -> Self {
        version.map_or(Self::Anything, |version| {
            Self::OneOf(vec![KeyVersion { key_id: key_id.clone(), version }])
        })
    }

    /// Whether a key is in such a state.
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
    fn a_state_has_one_text() {
        let state = KeyVersion { key_id: KeyId::from_random("a1"), version: 7 };
        assert_eq!(state.to_text(), "key_a1.7");
        assert_eq!(KeyVersion::from_text("key_a1.7"), Some(state));
        for text in ["", "7", "key_a1", "key_a1.", "key_a1.07", "key_a1.+7", "usr_a1.7", "key_a1.7.7"] {
            assert_eq!(KeyVersion::from_text(text), None, "{text}");
        }
    }
}
