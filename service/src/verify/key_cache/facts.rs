//! What is known about a secret: as read from the database, and as seen in the cache.

use std::sync::Arc;

use model::Timestamp;
use model::key::{Environment, Permissions, ResourceScope};
use model::metadata::Metadata;
use model::verify::KeyState;

use super::entry::Listed;
use super::{Digest, Owner};

/// Everything that a verdict on a secret needs, except for counters.
#[derive(Debug, Clone)]
pub(crate) struct KeyFacts {
    pub(crate) digest: Digest,
    /// For an earlier secret: the hash of the key's current secret, and when this one ends.
    pub(crate) earlier: Option<(Digest, Timestamp)>,
    pub(crate) key_id: String,
    pub(crate) name: String,
    pub(crate) owner: Arc<Owner>,
    pub(crate) permissions: Permissions,
    /// `None` if the key has no scopes. Most keys have none.
    pub(crate) scopes: Option<Arc<[ResourceScope]>>,
    /// Requests per 60 seconds.
    pub(crate) limit: Option<u32>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) environment: Environment,
    /// `None` if it is empty, as it is for most keys.
    pub(crate) metadata: Option<Arc<Metadata>>,
    pub(crate) is_disabled: bool,
    pub(crate) is_revoked: bool,
    pub(crate) has_ended: bool,
}

/// The same as [`KeyFacts`], borrowed from the place where it is stored.
#[derive(Debug)]
pub(crate) struct KeyView<'a> {
    pub(crate) digest: &'a Digest,
    pub(crate) earlier: Option<(Digest, Timestamp)>,
    pub(crate) key_id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) owner: &'a Arc<Owner>,
    pub(crate) permissions: Permissions,
    pub(crate) scopes: Option<&'a Arc<[ResourceScope]>>,
    pub(crate) limit: Option<u32>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) environment: Environment,
    pub(crate) metadata: Option<&'a Arc<Metadata>>,
    pub(crate) is_disabled: bool,
    pub(crate) is_revoked: bool,
    pub(crate) has_ended: bool,
    /// The counters, if the secret is in the cache.
    pub(crate) listed: Option<Listed<'a>>,
}

impl KeyFacts {
    /// Borrows the facts. The view has no counters.
    pub(crate) fn view(&self) -> KeyView<'_> {
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
            metadata: self.metadata.as_ref(),
            is_disabled: self.is_disabled,
            is_revoked: self.is_revoked,
            has_ended: self.has_ended,
            listed: None,
        }
    }
}

impl KeyView<'_> {
    /// The key state that the verdict depends on.
    pub(crate) fn state(&self) -> KeyState<'_> {
        KeyState {
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

    /// Whether this is an earlier secret whose grace period has ended. It then counts as unknown.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.earlier.is_some_and(|(_, end)| end <= now)
    }
}
