//! The owners of keys, each once for all its keys.

use std::collections::HashMap;
use std::sync::Arc;

use model::id::OrganizationId;
use model::key::{KeyOwner, Permission};

use super::super::locks::{AtomicBool, Ordering};

/// An owner as they were when they were read. A change makes a new one; whoever holds this one sees that it is stale.
#[derive(Debug)]
pub(crate) struct Owner {
    /// Who.
    pub(crate) id: KeyOwner,
    /// The organization.
    pub(crate) organization: Arc<Organization>,
    /// The e-mail or, of a service account, the name.
    pub(crate) name: Arc<str>,
    /// The strongest permission of any key of theirs.
    pub(crate) ceiling: Permission,
    /// Whether their keys work.
    pub(crate) is_active: bool,
    /// Whether they are a service account that was given the right to verify keys.
    pub(crate) may_verify: bool,
    is_stale: AtomicBool,
}

/// An organization as it was when it was read.
#[derive(Debug)]
pub(crate) struct Organization {
    /// Which.
    pub(crate) id: OrganizationId,
    is_stale: AtomicBool,
}

#[derive(Default)]
pub(super) struct Owners {
    owners: HashMap<String, Arc<Owner>>,
    organizations: HashMap<String, Arc<Organization>>,
}

impl Organization {
    pub(crate) fn new(id: OrganizationId) -> Arc<Self> {
        Arc::new(Self { id, is_stale: AtomicBool::new(false) })
    }
}

impl Owner {
    pub(crate) fn new(
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

    /// Whether the owner or the organization has changed since.
    pub(super) fn is_stale(&self) -> bool {
        self.is_stale.load(Ordering::Acquire) || self.organization.is_stale.load(Ordering::Acquire)
    }
}

impl Owners {
    /// The owner that is known, or else the new one, which is stale from the beginning if it has changed since it was
    /// read.
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

    pub(super) fn forget_owner(&mut self, id: &str) {
        if let Some(owner) = self.owners.remove(id) {
            owner.is_stale.store(true, Ordering::Release);
        }
    }

    pub(super) fn forget_organization(&mut self, id: &str) {
        if let Some(organization) = self.organizations.remove(id) {
            organization.is_stale.store(true, Ordering::Release);
        }
    }

    pub(super) fn forget_all(&mut self) {
        for (_, organization) in self.organizations.drain() {
            organization.is_stale.store(true, Ordering::Release);
        }
        self.owners.clear();
    }
}
