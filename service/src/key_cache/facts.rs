//! What is known about a secret: as read from the database, and as seen in the cache.

use std::sync::Arc;

use model::Timestamp;
use model::key::{Environment, Permissions, ResourceScope};
use model::verify::KeyState;

use super::entry::Listed;
use super::{Digest, Owner};

/// Everything that a verdict on a secret needs, except for counters.
#[derive(Debug, Clone)]
pub struct KeyFacts {
    pub digest: Digest,
    /// For an earlier secret: the hash of the key's current secret, and when the earlier secret ends.
    pub earlier: Option<(Digest, Timestamp)>,
    pub key_id: String,
    pub name: String,
    pub owner: Arc<Owner>,
    pub permissions: Permissions,
    /// `None` if the key has no scopes. Most keys have none.
    pub scopes: Option<Arc<[ResourceScope]>>,
    /// Requests per 60 seconds.
    pub limit: Option<u32>,
    pub expires_at: Option<Timestamp>,
    pub environment: Environment,
    /// As JSON without white space, because parsed JSON takes up to a hundred times as much memory. `None` if it is
    /// empty, as it is for most keys.
    pub metadata: Option<Arc<str>>,
    pub is_disabled: bool,
    pub is_revoked: bool,
    pub has_ended: bool,
}

/// The same as [`KeyFacts`], borrowed from the place where it is stored.
#[derive(Debug)]
pub struct KeyView<'a, C> {
    pub digest: &'a Digest,
    pub earlier: Option<(Digest, Timestamp)>,
    pub key_id: &'a str,
    pub name: &'a str,
    pub owner: &'a Arc<Owner>,
    pub permissions: Permissions,
    pub scopes: Option<&'a Arc<[ResourceScope]>>,
    pub limit: Option<u32>,
    pub expires_at: Option<Timestamp>,
    pub environment: Environment,
    pub metadata: Option<&'a str>,
    pub is_disabled: bool,
    pub is_revoked: bool,
    pub has_ended: bool,
    /// The counters, if the secret is in the cache.
    pub listed: Option<Listed<'a, C>>,
}

impl KeyFacts {
    /// Borrows the facts. The view has no counters.
    pub fn view<C>(&self) -> KeyView<'_, C> {
        KeyView {
            digest: &self.digest,
            earlier: self.earlier,
            key_id: &self.key_id,
            name: &self.name,
            owner: &self.owner,
            permissions: self.permissions,
            scopes: self.scopes.as_ref(),
            limit: self.limit,
            expires_at: self.expires_at,
            environment: self.environment,
            metadata: self.metadata.as_deref(),
            is_disabled: self.is_disabled,
            is_revoked: self.is_revoked,
            has_ended: self.has_ended,
            listed: None,
        }
    }
}

impl<C> KeyView<'_, C> {
    /// The key state that the verdict depends on, for the organization that the key belongs to.
    pub fn state(&self) -> KeyState<'_> {
        KeyState {
            is_foreign: false,
            secret_ends_at: self.earlier.map(|(_, end)| end),
            is_revoked: self.is_revoked,
            has_ended: self.has_ended,
            is_disabled: self.is_disabled,
            owner_is_active: self.owner.is_active,
            expires_at: self.expires_at,
            permissions: self.permissions,
            ceiling: self.owner.ceiling,
            scopes: self.scopes.map_or(&[], |scopes| scopes),
        }
    }
}
