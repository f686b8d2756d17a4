//! A key as it is stored and shown. It never contains the secret.

use crate::id::{InternalId, KeyId, OrganizationId};
use crate::time::Timestamp;

use super::{GracePeriod, KeyFields, KeyOwner, KeyStatus, LastUse, PlainKey, SHOWN_LENGTH};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Key {
    /// Never changes.
    pub key_id: KeyId,
    pub organization_id: OrganizationId,
    /// The organization's second id, which the API shows.
    pub internal_id: InternalId,
    pub owner: KeyOwner,
    /// SHA-256 of the whole secret, in lowercase hexadecimal.
    pub key_hash: String,
    /// The first characters of the secret.
    pub shown_prefix: String,
    /// In JSON these are next to the other fields, as earlier versions write and read them. Another version may read
    /// stored responses to repeated requests, and pages that were opened before an upgrade.
    #[serde(flatten)]
    pub fields: KeyFields,
    pub created_at: Timestamp,
    pub created_by: Option<KeyOwner>,
    /// When the secret was last replaced.
    pub rotated_at: Option<Timestamp>,
    /// When the current secret was last used successfully.
    pub last_use: Option<LastUse>,
    /// Set while the key is disabled.
    pub disabled: Option<Disabling>,
    /// Set once the key is revoked, which is final.
    pub revoked: Option<Revocation>,
    /// Set once the key has expired for good, so that a corrected clock does not revive it. This happens when its name
    /// is given to another key, and when its owner is revoked.
    pub ended_at: Option<Timestamp>,
    /// Incremented by every change. A change that is based on an older version is refused.
    pub version: i64,
}

/// When and by whom a key was disabled.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Disabling {
    pub at: Timestamp,
    pub by: Option<KeyOwner>,
}

/// When, by whom and why a key was revoked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Revocation {
    pub at: Timestamp,
    pub by: Option<KeyOwner>,
    /// May be empty.
    pub reason: String,
}

impl Key {
    /// The status on the wire. It is computed, so that it never lags behind the clock.
    pub fn status(&self, now: Timestamp) -> KeyStatus {
        KeyStatus::at(now, self.revoked.is_some(), self.ended_at.is_some(), self.fields.expires_at)
    }

    /// The key with other settings.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut KeyFields)) -> Self {
        change(&mut self.fields);
        self
    }

    pub fn is_admin_key(&self) -> bool {
        self.fields.name.is_admin_key()
    }

    /// The first [`SHOWN_LENGTH`] characters of the secret. The shown prefix can be longer, but REST clients rely on
    /// this length.
    pub fn short_prefix(&self) -> &str {
        self.shown_prefix.get(..SHOWN_LENGTH).unwrap_or(&self.shown_prefix)
    }

    /// The shown prefix followed by three dots.
    pub fn masked(&self) -> String {
        format!("{}...", self.shown_prefix)
    }
}

/// A key that was just created or rotated. This is the only time that the secret is shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CreatedKey {
    pub key: Key,
    pub secret: PlainKey,
}

/// A key with everything that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyDetails {
    pub key: Key,
    /// Earlier secrets that are still valid.
    pub grace_periods: Vec<GracePeriod>,
    /// The owner's e-mail address. Empty for a service account, which has none.
    pub owner_email: String,
    pub owner_name: String,
    /// The e-mail address or service account name of the creator, as long as the creator exists.
    pub creator_email: Option<String>,
    /// Whether the caller may change the key.
    pub may_change: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_json_that_earlier_versions_write_and_read() {
        let earlier = r#"{"key_id":"key_a1","organization_id":"org_a1","internal_id":"int_a1","owner":"usr_a1","key_hash":"",
            "shown_prefix":"sk_live_01","name":"ci","description":"","permissions":["read"],"scopes":[],
            "rate_limit_override":null,"expires_at":null,"created_at":"1970-01-01T00:00:00Z","created_by":null,
            "rotated_at":null,"last_use":null,"disabled":null,"revoked":null,"ended_at":null,"version":1}"#;
        let key = crate::testing::key();
        let earlier: serde_json::Value = serde_json::from_str(earlier).unwrap();
        assert_eq!(serde_json::to_value(&key).unwrap(), earlier);
        assert_eq!(serde_json::from_value::<Key>(earlier).unwrap(), key);
    }
}
