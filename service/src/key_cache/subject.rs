//! What the cached facts depend on.

use super::super::mirror::{self, Changed};
use super::{Digest, KeyFacts, Owner};

/// Something that can change: a secret by its hash, an owner or an organization by its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    Secret(Digest),
    Owner(String),
    Organization(String),
}

impl mirror::Subject for Subject {
    fn is_shared(&self) -> bool {
        matches!(self, Self::Owner(_) | Self::Organization(_))
    }
}

/// Whether a secret, its owner, or their organization has changed.
pub(super) fn covers_key(changed: &Changed<Subject>, facts: &KeyFacts) -> bool {
    changed.covers(&Subject::Secret(facts.digest)) || covers_owner(changed, &facts.owner)
}

/// Whether an owner or their organization has changed. Usually neither has, and then no id is copied.
pub(super) fn covers_owner(changed: &Changed<Subject>, owner: &Owner) -> bool {
    changed.has_shared()
        && (changed.covers(&Subject::Owner(owner.id.as_str().to_owned()))
            || changed.covers(&Subject::Organization(owner.organization.id.as_str().to_owned())))
}
