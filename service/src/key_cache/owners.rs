//! The owners of keys. Each is stored once for all its keys.

use std::collections::HashMap;
use std::sync::Arc;

use model::id::OrganizationId;
use model::key::{KeyOwner, Permission};

use super::super::locks::{AtomicBool, Ordering};

/// An owner at the time of reading. A change creates a new one and marks this one as stale, for all keys that refer to
/// it.
#[derive(Debug)]
pub struct Owner {
    pub id: KeyOwner,
    pub organization: Arc<Organization>,
    /// The e-mail of a member, or the name of a service account.
    pub name: Arc<str>,
    /// The strongest permission of any of the owner's keys.
    pub ceiling: Permission,
    /// Whether the owner's keys work.
    pub is_active: bool,
    /// Whether the owner is a service account with the right to verify keys.
    pub may_verify: bool,
    is_stale: AtomicBool,
}

/// An organization at the time of reading.
#[derive(Debug)]
pub struct Organization {
    pub id: OrganizationId,
    is_stale: AtomicBool,
}

#[derive(Default)]
pub(super) struct Owners {
    owners: HashMap<String, Arc<Owner>>,
    organizations: HashMap<String, Arc<Organization>>,
}

impl Organization {
    pub fn new(id: OrganizationId) -> Arc<Self> {
        Arc::new(Self { id, is_stale: AtomicBool::new(false) })
    }
}

impl Owner {
    pub fn new(
        id: KeyOwner,
        organization: OrganizationId,
        name: &str,
        ceiling: Permission,
        is_active: bool,
        may_verify: bool,
    ) -> Self {
        let (organization, is_stale) = (Organization::new(organization), AtomicBool::new(false));
        Self { id, organization, name: name.into(), ceiling, is_active, may_verify, is_stale }
    }

    /// Whether the owner or the organization has changed since it was read.
    pub(super) fn is_stale(&self) -> bool {
        self.is_stale.load(Ordering::Acquire) || self.organization.is_stale.load(Ordering::Acquire)
    }
}

impl Owners {
    /// Returns the cached owner. If there is none, caches `new`, unless it has changed since it was read; then it is
    /// stale from the start.
    pub(super) fn get_or_insert(&mut self, mut new: Owner, is_touched: bool) -> Arc<Owner> {
        if let Some(known) = self.owners.get(new.id.as_str()).filter(|known| !known.is_stale()) {
            return Arc::clone(known);
        }
        if is_touched {
            new.is_stale = AtomicBool::new(true);
            return Arc::new(new);
        }
        let organization = self.organizations.entry(new.organization.id.as_str().to_owned());
        new.organization = Arc::clone(organization.or_insert_with(|| Arc::clone(&new.organization)));
        let new = Arc::new(new);
        self.owners.insert(new.id.as_str().to_owned(), Arc::clone(&new));
        new
    }

    pub(super) fn invalidate_owner(&mut self, id: &str) {
        if let Some(owner) = self.owners.remove(id) {
            owner.is_stale.store(true, Ordering::Release);
        }
    }

    pub(super) fn invalidate_organization(&mut self, id: &str) {
        if let Some(organization) = self.organizations.remove(id) {
            organization.is_stale.store(true, Ordering::Release);
        }
    }

    pub(super) fn invalidate_all(&mut self) {
        for (_, organization) in self.organizations.drain() {
            organization.is_stale.store(true, Ordering::Release);
        }
        self.owners.clear();
    }
}
