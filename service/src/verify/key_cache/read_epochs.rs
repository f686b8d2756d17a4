//! The open read epochs, and what has changed since each of them was opened.

use std::collections::{HashMap, HashSet};

use store::invalidations::Invalidation;

use super::{Digest, KeyFacts, Owner};

/// Maximum number of changes recorded for each read epoch. Beyond it, everything counts as changed.
const SUBJECTS_MAX: usize = 10_000;

/// A read from the database that is under way. It must be closed with `end_read`.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub(crate) struct ReadEpoch(u64);

/// The open read epochs.
#[derive(Default)]
pub(super) struct ReadEpochs {
    opened: u64,
    open: HashMap<u64, Invalidated>,
}

/// What has changed since a read epoch was opened.
#[derive(Default)]
pub(super) struct Invalidated {
    invalidations: HashSet<Invalidation>,
    /// Something that affects more than one secret has changed.
    is_wide: bool,
    is_everything: bool,
}

impl ReadEpochs {
    pub(super) fn open(&mut self) -> ReadEpoch {
        self.opened += 1;
        self.open.insert(self.opened, Invalidated::default());
        ReadEpoch(self.opened)
    }

    pub(super) fn close(&mut self, epoch: &ReadEpoch) {
        self.open.remove(&epoch.0);
    }

    pub(super) fn touch(&mut self, invalidations: &[Invalidation]) {
        for invalidated in self.open.values_mut() {
            for invalidation in
                invalidations.iter().filter(|invalidation| !matches!(invalidation, Invalidation::Gateway(_)))
            {
                invalidated.is_wide |= !matches!(invalidation, Invalidation::Secret(_));
                invalidated.is_everything |= *invalidation == Invalidation::Everything;
                if invalidated.invalidations.len() < SUBJECTS_MAX {
                    invalidated.invalidations.insert(invalidation.clone());
                } else {
                    invalidated.is_everything = true;
                }
            }
        }
    }

    /// What has changed since a read epoch was opened. `None` if it was closed.
    pub(super) fn invalidated(&self, epoch: &ReadEpoch) -> Option<&Invalidated> {
        self.open.get(&epoch.0)
    }
}

impl Invalidated {
    pub(super) fn is_everything(&self) -> bool {
        self.is_everything
    }

    /// Whether a secret, or its owner, has changed since it was read.
    pub(super) fn covers(&self, facts: &KeyFacts) -> bool {
        self.covers_owner(&facts.owner) || self.invalidations.contains(&Invalidation::Secret(facts.digest))
    }

    /// Whether an owner, or its organization, has changed since it was read.
    pub(super) fn covers_owner(&self, owner: &Owner) -> bool {
        self.is_everything
            || self.is_wide
                && (self.invalidations.contains(&Invalidation::Owner(owner.id.as_str().to_owned()))
                    || self
                        .invalidations
                        .contains(&Invalidation::Organization(owner.organization.id.as_str().to_owned())))
    }

    /// Whether a secret that is being read may have changed. Its owner is not known yet, so a change of any owner
    /// counts.
    pub(super) fn may_cover(&self, digest: &Digest) -> bool {
        self.is_everything || self.is_wide || self.invalidations.contains(&Invalidation::Secret(*digest))
    }
}
