//! The mirrors of a process: the key cache and the gateway cache. Every change is applied to both, and both are valid
//! for the same time.

use std::sync::Arc;

use store::invalidations::Invalidation;

use crate::gateway_cache::{self, GatewayCache};
use crate::key_cache;
use crate::mirror::Change;
use crate::rate::ApproximateCounter;

/// The key cache. Beside each secret, it counts requests for the rate limit.
pub(crate) type KeyCache = key_cache::KeyCache<ApproximateCounter>;
pub(crate) type KeyView<'a> = key_cache::KeyView<'a, ApproximateCounter>;

const _: () = assert!(size_of::<ApproximateCounter>() == 8);

#[derive(Clone)]
pub(crate) struct Mirrors {
    pub(crate) key_cache: Arc<KeyCache>,
    pub(crate) gateway_cache: Arc<GatewayCache>,
}

impl Mirrors {
    /// Creates empty mirrors. The key cache has room for this many secrets.
    pub(crate) fn new(secrets_max: usize) -> Self {
        Self { key_cache: Arc::new(KeyCache::new(secrets_max)), gateway_cache: Arc::default() }
    }

    /// Makes everything out of date that the invalidations affect. Once this has returned, no answer uses it.
    pub(crate) fn apply(&self, invalidations: &[Invalidation]) {
        self.key_cache.apply(&changes(invalidations, of_keys));
        self.gateway_cache.apply(&changes(invalidations, of_gateways));
    }

    /// Sets until when the mirrors may be used, after all invalidations up to now were applied.
    pub(crate) fn set_valid_until(&self, millis: u64) {
        self.key_cache.mirror().set_valid_until(millis);
        self.gateway_cache.mirror().set_valid_until(millis);
    }
}

/// The changes that concern one mirror. `subject` returns `None` for what it does not depend on.
fn changes<S>(invalidations: &[Invalidation], subject: fn(&Invalidation) -> Option<S>) -> Vec<Change<S>> {
    let change = |invalidation: &Invalidation| match invalidation {
        Invalidation::Everything => Some(Change::Everything),
        other => subject(other).map(Change::Of),
    };
    invalidations.iter().filter_map(change).collect()
}

fn of_keys(invalidation: &Invalidation) -> Option<key_cache::Subject> {
    match invalidation {
        Invalidation::Secret(hash) => Some(key_cache::Subject::Secret(*hash)),
        Invalidation::Owner(id) => Some(key_cache::Subject::Owner(id.clone())),
        Invalidation::Organization(id) => Some(key_cache::Subject::Organization(id.clone())),
        Invalidation::Gateway(_) | Invalidation::Everything => None,
    }
}

fn of_gateways(invalidation: &Invalidation) -> Option<gateway_cache::Subject> {
    match invalidation {
        Invalidation::Gateway(id) => Some(gateway_cache::Subject::Gateway(id.clone())),
        Invalidation::Organization(id) => Some(gateway_cache::Subject::Organization(id.clone())),
        Invalidation::Secret(_) | Invalidation::Owner(_) | Invalidation::Everything => None,
    }
}
