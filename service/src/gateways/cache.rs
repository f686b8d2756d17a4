//! Copies of gateways in memory, so that a request of a proxy costs no query.
//!
//! A copy is removed when its gateway changes: at the commit if this process commits, otherwise when the feed of
//! invalidations reports it or the copy gets too old. A query that began before a change cannot store its result after
//! it: it passes the generation at its start, and each change begins a new generation.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use model::gateway::Gateway;
use store::invalidations::Invalidation;

use super::ids::Ids;

/// Age of a copy, in milliseconds, at which one of the requests that use it reads the gateway again.
const AGE_MILLIS_FRESH: u64 = 1000;
/// Age of a copy, in milliseconds, from which no request uses it, even if another request is reading the gateway again.
pub(super) const AGE_MILLIS_MAX: u64 = 2000;
/// Maximum number of copies. One node is expected to serve fewer gateways. When it is reached, all copies are removed.
const CACHED_MAX: usize = 10_000;
/// Maximum number of ids that are remembered to have no gateway. Clients can make up any number of ids, so all are
/// removed when it is reached.
const ABSENT_MAX: usize = 1000;

/// Copies of the gateways that proxies have asked about.
#[derive(Default)]
pub(crate) struct GatewayCache(RwLock<Inner>);

#[derive(Default)]
struct Inner {
    generation: u64,
    copies: HashMap<String, CachedGateway>,
    /// Ids that have no gateway, each with the time of the query.
    absent: HashMap<String, u64>,
    ids: Ids,
}

struct CachedGateway {
    gateway: Arc<Gateway>,
    /// The time of the query.
    asked_at: u64,
    /// Whether a request is already reading the gateway again.
    is_renewed: AtomicBool,
}

/// What the cache knows about an id.
pub(super) enum Found {
    /// The gateway, or `None` if it does not exist.
    Copy(Option<Arc<Gateway>>),
    /// Nothing fresh enough. The caller must query the database and pass this generation to `insert`.
    Unknown { generation: u64 },
}

impl GatewayCache {
    /// Looks up an id at a moment. The list of all ids is used only if `is_heard`, that is, while the feed of
    /// invalidations is current.
    pub(super) fn get(&self, id: &str, now: u64, is_heard: bool) -> Found {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let age = |asked_at: u64| now.saturating_sub(asked_at);
        if let Some(copy) = inner.copies.get(id) {
            let is_fresh = age(copy.asked_at) < AGE_MILLIS_FRESH;
            let is_renewed = || copy.is_renewed.swap(true, Ordering::Relaxed);
            if is_fresh || (age(copy.asked_at) < AGE_MILLIS_MAX && is_renewed()) {
                return Found::Copy(Some(Arc::clone(&copy.gateway)));
            }
        } else if is_heard && inner.ids.lacks(id)
            || inner.absent.get(id).is_some_and(|asked_at| age(*asked_at) < AGE_MILLIS_FRESH)
        {
            return Found::Copy(None);
        }
        Found::Unknown { generation: inner.generation }
    }

    /// Stores the result of a query, unless anything has changed since the query began.
    pub(super) fn insert(&self, id: &str, found: Option<Arc<Gateway>>, asked_at: u64, generation: u64) {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if inner.generation != generation {
            return;
        }
        if let Some(gateway) = found {
            if inner.copies.len() >= CACHED_MAX {
                inner.copies.clear();
            }
            inner.absent.remove(id);
            let copy = CachedGateway { gateway, asked_at, is_renewed: AtomicBool::new(false) };
            inner.copies.insert(id.to_owned(), copy);
        } else {
            if inner.absent.len() >= ABSENT_MAX {
                inner.absent.clear();
            }
            inner.copies.remove(id);
            inner.absent.insert(id.to_owned(), asked_at);
        }
    }

    /// Starts reading the list of all ids. Returns `false` if that is not needed.
    pub(super) fn begin_list(&self) -> bool {
        self.0.write().unwrap_or_else(PoisonError::into_inner).ids.begin()
    }

    /// Completes the list with the ids that were read since [`Self::begin_list`].
    pub(super) fn end_list(&self, ids: Vec<String>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).ids.end(ids);
    }

    /// Removes everything that the invalidations affect.
    pub(crate) fn forget(&self, invalidations: &[Invalidation]) {
        let concerns = |invalidation: &Invalidation| match invalidation {
            Invalidation::Gateway(_) | Invalidation::Organization(_) | Invalidation::Everything => true,
            Invalidation::Secret(_) | Invalidation::Owner(_) => false,
        };
        if !invalidations.iter().any(concerns) {
            return;
        }
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        inner.generation += 1;
        for invalidation in invalidations {
            match invalidation {
                Invalidation::Gateway(id) => {
                    inner.copies.remove(id);
                    inner.absent.remove(id);
                    inner.ids.record(id);
                }
                Invalidation::Organization(id) => {
                    inner.copies.retain(|_, copy| copy.gateway.organization_id.as_str() != id);
                }
                Invalidation::Everything => {
                    inner.copies.clear();
                    inner.absent.clear();
                    inner.ids.clear();
                }
                Invalidation::Secret(_) | Invalidation::Owner(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Timestamp;
    use model::gateway::GatewayDraft;
    use model::id::{GatewayId, OrganizationId};

    use super::*;

    fn gateway() -> Arc<Gateway> {
        let draft = GatewayDraft { name: Some("api".into()), ..GatewayDraft::default() };
        let (id, organization) = (GatewayId::from_random("a"), OrganizationId::from_random("o"));
        Arc::new(draft.check().unwrap().into_gateway(id, organization, None, Timestamp::from_seconds(0)))
    }

    fn generation(copies: &GatewayCache, id: &str, now: u64) -> Option<u64> {
        match copies.get(id, now, true) {
            Found::Copy(_) => None,
            Found::Unknown { generation } => Some(generation),
        }
    }

    #[test]
    fn one_caller_refreshes_an_old_copy_and_nobody_uses_an_expired_one() {
        let copies = GatewayCache::default();
        copies.insert("gw_a", Some(gateway()), 0, 0);
        assert_eq!(generation(&copies, "gw_a", 999), None);
        assert_eq!(generation(&copies, "gw_a", 1000), Some(0));
        assert_eq!(generation(&copies, "gw_a", 1000), None);
        assert_eq!(generation(&copies, "gw_a", 2000), Some(0));
        assert_eq!(generation(&copies, "gw_a", 2000), Some(0));
    }

    #[test]
    fn data_that_was_read_before_a_change_is_not_cached_after_it() {
        for invalidation in [
            Invalidation::Gateway("gw_a".into()),
            Invalidation::Organization("org_o".into()),
            Invalidation::Everything,
        ] {
            let copies = GatewayCache::default();
            copies.insert("gw_a", Some(gateway()), 0, 0);
            copies.forget(std::slice::from_ref(&invalidation));
            assert_eq!(generation(&copies, "gw_a", 0), Some(1), "{invalidation:?}");
            copies.insert("gw_a", Some(gateway()), 0, 0);
            assert_eq!(generation(&copies, "gw_a", 0), Some(1), "{invalidation:?}");
        }
        let copies = GatewayCache::default();
        copies.insert("gw_a", Some(gateway()), 0, 0);
        copies.forget(&[Invalidation::Secret([0; 32]), Invalidation::Owner("usr_a".into())]);
        assert_eq!(generation(&copies, "gw_a", 0), None);
    }

    #[test]
    fn made_up_ids_use_bounded_memory() {
        let copies = GatewayCache::default();
        for n in 0..5 * ABSENT_MAX {
            copies.insert(&format!("gw_{n}"), None, 0, 0);
        }
        assert!(copies.0.read().unwrap().absent.len() <= ABSENT_MAX);
        copies.insert("gw_a", None, 0, 0);
        assert_eq!(generation(&copies, "gw_a", 999), None);
        assert_eq!(generation(&copies, "gw_a", 1000), Some(0));
    }

    #[test]
    fn with_all_ids_listed_a_made_up_id_is_known_to_be_unknown_while_the_feed_is_current() {
        let copies = GatewayCache::default();
        assert!(copies.begin_list());
        copies.end_list(vec!["gw_a".to_owned()]);
        assert_eq!(generation(&copies, "gw_b", 0), None);
        assert_eq!(generation(&copies, "gw_a", 0), Some(0));
        assert!(matches!(copies.get("gw_b", 0, false), Found::Unknown { .. }));
        copies.forget(&[Invalidation::Gateway("gw_b".into())]);
        assert_eq!(generation(&copies, "gw_b", 0), Some(1));
        copies.forget(&[Invalidation::Everything]);
        assert_eq!(generation(&copies, "gw_c", 0), Some(2));
    }
}
