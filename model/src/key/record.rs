//! A key as it is stored and shown. Never holds the secret.

use crate::id::{InternalId, KeyId, OrganizationId};
use crate::time::Timestamp;

use super::{Grace, KeyName, KeyOwner, KeyStatus, Permissions, PlainKey, ResourceScope, ShownStatus};

/// A key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Key {
    /// Never changes.
    pub key_id: KeyId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The organization's other id, which the wire contract shows.
    pub internal_id: InternalId,
    /// The owner.
    pub owner: KeyOwner,
    /// Lower-case hex SHA-256 of the whole secret.
    pub key_hash: String,
    /// The first characters of the secret.
    pub shown_prefix: String,
    /// Unique among the owner's active keys.
    pub name: KeyName,
    /// Perhaps empty.
    pub description: String,
    /// What it may do.
    pub permissions: Permissions,
    /// Where it may do it; empty means everywhere.
    pub scopes: Vec<ResourceScope>,
    /// Requests per 60 seconds; the plan's limit when absent.
    pub rate_limit_override: Option<u32>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Option<KeyOwner>,
    /// When its secret was last replaced.
    pub rotated_at: Option<Timestamp>,
    /// When it last authenticated, since the secret was made.
    pub last_use: Option<LastUse>,
    /// Set while the key is out of service for a time.
    pub disabled: Option<Disabling>,
    /// Set once it is revoked, for good.
    pub revoked: Option<Revocation>,
    /// Set once its expiry is final, whatever the clock says later: its name went to another key, or its owner's keys were
    /// ended.
    pub ended_at: Option<Timestamp>,
    /// Grows with every change; a change based on an older one is refused.
    pub version: i64,
}

/// The last successful use of a secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LastUse {
    /// When.
    pub at: Timestamp,
    /// From which address.
    pub address: Option<String>,
    /// With which agent.
    pub agent: Option<String>,
}

/// A key out of service for a time.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Disabling {
    /// Since when.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<KeyOwner>,
}

/// The end of a key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Revocation {
    /// Since when.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<KeyOwner>,
    /// Why, perhaps empty.
    pub reason: String,
}

impl Key {
    /// The status on the wire: computed, so that it never lags behind the clock.
    pub fn status(&self, now: Timestamp) -> KeyStatus {
        if self.revoked.is_some() {
            KeyStatus::Revoked
        } else if self.ended_at.is_some() || self.expires_at.is_some_and(|end| end <= now) {
            KeyStatus::Expired
        } else {
            KeyStatus::Active
        }
    }

    /// The one status the console shows: the most urgent.
    pub fn shown_status(&self, graces: &[Grace], now: Timestamp) -> ShownStatus {
        ShownStatus::of(self, graces, now)
    }

    /// Whether this is the protected key.
    pub fn is_admin_key(&self) -> bool {
        self.name.is_admin_key()
    }

    /// The masked value: the first characters and three dots.
    pub fn masked(&self) -> String {
        format!("{}...", self.shown_prefix)
    }
}

/// A key just made or rotated, with its secret: the only time it is shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CreatedKey {
    /// The record.
    pub key: Key,
    /// The secret.
    pub secret: PlainKey,
}

/// A key with what its page needs besides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyDetails {
    /// The record.
    pub key: Key,
    /// Earlier secrets that are still valid.
    pub graces: Vec<Grace>,
    /// The owner's e-mail; empty for a service account, which has none.
    pub owner_email: String,
    /// The owner's name.
    pub owner_name: String,
    /// The maker's e-mail or, of a service account, name, while known.
    pub creator_email: Option<String>,
    /// Whether the caller may change it.
    pub may_change: bool,
}
