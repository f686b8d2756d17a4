//! What is known of a secret, as it is read and as it is looked at.

use std::sync::Arc;

use model::Timestamp;
use model::key::{Permissions, ResourceScope};
use model::verify::Standing;

use super::entry::Listed;
use super::{Digest, Owner};

/// Everything that a verdict on a secret needs, but for what is counted.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// The hash of the secret.
    pub(crate) digest: Digest,
    /// The hash of the key's current secret, and when this one ends, if this is an earlier one.
    pub(crate) earlier: Option<(Digest, Timestamp)>,
    pub(crate) key_id: String,
    pub(crate) name: String,
    pub(crate) owner: Arc<Owner>,
    pub(crate) permissions: Permissions,
    /// Nothing for the very most keys, which have none.
    pub(crate) scopes: Option<Arc<[ResourceScope]>>,
    /// Requests per 60 seconds.
    pub(crate) limit: Option<u32>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) is_disabled: bool,
    pub(crate) is_revoked: bool,
    pub(crate) has_ended: bool,
}

/// The same where it lies.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) digest: &'a Digest,
    pub(crate) earlier: Option<(Digest, Timestamp)>,
    pub(crate) key_id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) owner: &'a Arc<Owner>,
    pub(crate) permissions: Permissions,
    pub(crate) scopes: Option<&'a Arc<[ResourceScope]>>,
    pub(crate) limit: Option<u32>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) is_disabled: bool,
    pub(crate) is_revoked: bool,
    pub(crate) has_ended: bool,
    /// What is counted of it, where it is listed.
    pub(crate) listed: Option<Listed<'a>>,
}

impl Facts {
    /// The facts as they are looked at. Nothing can be counted there.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            digest: &self.digest,
            earlier: self.earlier,
            key_id: &self.key_id,
            name: &self.name,
            owner: &self.owner,
            permissions: self.permissions,
            scopes: self.scopes.as_ref(),
            limit: self.limit,
            expires_at: self.expires_at,
            is_disabled: self.is_disabled,
            is_revoked: self.is_revoked,
            has_ended: self.has_ended,
            listed: None,
        }
    }
}

impl View<'_> {
    /// What the verdict depends on.
    pub(crate) fn standing(&self) -> Standing<'_> {
        Standing {
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

    /// Whether this is an earlier secret whose time has passed: it is nobody's then.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.earlier.is_some_and(|(_, end)| end <= now)
    }
}
