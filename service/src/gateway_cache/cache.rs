//! The copies of gateways.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use model::gateway::Gateway;

use super::super::locks::{RwLock, RwLockWriteGuard};
use super::super::mirror::{self, Change, Changed, Mirror, ReadEpoch};
use super::ids::Ids;

/// Maximum number of copies. One node is expected to serve fewer gateways. When it is reached, all copies are removed.
const CACHED_MAX: usize = 10_000;
/// Maximum number of ids that are remembered to have no gateway. Clients can make up any number of ids, so all are
/// removed when it is reached.
const ABSENT_MAX: usize = 1000;

/// What the copies depend on, by id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Gateway(String),
    Organization(String),
}

impl mirror::Subject for Subject {
    fn is_shared(&self) -> bool {
        matches!(self, Self::Organization(_))
    }
}

/// Copies of the gateways that proxies have asked about.
pub(crate) struct GatewayCache {
    mirror: Mirror<Subject>,
    copies: RwLock<Copies>,
}

#[derive(Default)]
struct Copies {
    gateways: HashMap<String, Arc<Gateway>>,
    /// Ids that have no gateway. Needed as long as not all ids are listed.
    absent: HashSet<String>,
    ids: Ids,
}

impl Default for GatewayCache {
    fn default() -> Self {
        Self { mirror: Mirror::default(), copies: RwLock::new(Copies::default()) }
    }
}

impl GatewayCache {
    /// The protocol state of this mirror.
    pub(crate) fn mirror(&self) -> &Mirror<Subject> {
        &self.mirror
    }

    /// Calls `look` with a gateway, or with `None` if there is none. Returns `None` if the database must be asked. The
    /// answer is right only while the mirror is current.
    pub(crate) fn find<T>(&self, id: &str, look: impl FnOnce(Option<&Arc<Gateway>>) -> T) -> Option<T> {
        let copies = self.copies.read().unwrap_or_else(PoisonError::into_inner);
        let found = copies.gateways.get(id);
        let is_known = found.is_some() || copies.ids.lacks(id) || copies.absent.contains(id);
        is_known.then(|| look(found))
    }

    /// Stores what was read about an id, unless it has changed since the read epoch was opened.
    pub(crate) fn insert(&self, epoch: &ReadEpoch, id: &str, found: Option<&Arc<Gateway>>) {
        let named = Subject::Gateway(id.to_owned());
        self.mirror.store(epoch, |changed| match found {
            Some(gateway) if !changed.covers(&named) && !changed.covers(&organization_of(gateway)) => {
                self.copies().insert(id, gateway);
            }
            None if !changed.may_cover(&named) => self.copies().insert_absent(id),
            Some(_) | None => {}
        });
    }

    /// Whether the ids of all gateways have to be read.
    pub(crate) fn lacks_ids(&self) -> bool {
        self.copies.read().unwrap_or_else(PoisonError::into_inner).ids.is_unread()
    }

    /// Stores the ids of all gateways, as they were read under a read epoch.
    pub(crate) fn insert_ids(&self, epoch: &ReadEpoch, ids: Vec<String>) {
        let gateway = |subject: &Subject| match subject {
            Subject::Gateway(id) => Some(id.clone()),
            Subject::Organization(_) => None,
        };
        self.mirror.store(epoch, |changed: &Changed<Subject>| {
            if !changed.is_everything() {
                // A gateway that has changed since may be new.
                let ids = ids.into_iter().chain(changed.subjects().filter_map(gateway));
                self.copies().ids = Ids::of(ids.collect());
            }
        });
    }

    /// Removes everything that the changes affect.
    pub(crate) fn apply(&self, changes: &[Change<Subject>]) {
        self.mirror.apply(changes, |change| self.copies().invalidate(change));
    }

    fn copies(&self) -> RwLockWriteGuard<'_, Copies> {
        self.copies.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Copies {
    fn insert(&mut self, id: &str, gateway: &Arc<Gateway>) {
        if self.gateways.len() >= CACHED_MAX {
            self.gateways.clear();
        }
        self.absent.remove(id);
        self.gateways.insert(id.to_owned(), Arc::clone(gateway));
    }

    fn insert_absent(&mut self, id: &str) {
        if self.absent.len() >= ABSENT_MAX {
            self.absent.clear();
        }
        self.gateways.remove(id);
        self.absent.insert(id.to_owned());
    }

    fn invalidate(&mut self, change: &Change<Subject>) {
        match change {
            Change::Of(Subject::Gateway(id)) => {
                self.gateways.remove(id);
                self.absent.remove(id);
                self.ids.add(id);
            }
            Change::Of(Subject::Organization(id)) => {
                self.gateways.retain(|_, gateway| gateway.organization_id.as_str() != id);
            }
            Change::Everything => *self = Self::default(),
        }
    }
}

fn organization_of(gateway: &Gateway) -> Subject {
    Subject::Organization(gateway.organization_id.as_str().to_owned())
}
