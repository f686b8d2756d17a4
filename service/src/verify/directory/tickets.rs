//! Who is reading from the database, and what has changed since they began.

use std::collections::{HashMap, HashSet};

use store::changes::Subject;

use super::{Digest, Facts, Owner};

/// Changes that are remembered one by one for each ticket; with more, everything counts as changed.
const SUBJECTS_MAX: usize = 10_000;

/// Somebody who reads from the database. To be closed.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub(crate) struct Ticket(u64);

/// The open tickets.
#[derive(Default)]
pub(super) struct Tickets {
    opened: u64,
    open: HashMap<u64, Touched>,
}

/// What has changed since a ticket was opened.
#[derive(Default)]
pub(super) struct Touched {
    subjects: HashSet<Subject>,
    /// Something wider than one secret has changed.
    is_wide: bool,
    is_everything: bool,
}

impl Tickets {
    pub(super) fn open(&mut self) -> Ticket {
        self.opened += 1;
        self.open.insert(self.opened, Touched::default());
        Ticket(self.opened)
    }

    pub(super) fn close(&mut self, ticket: &Ticket) {
        self.open.remove(&ticket.0);
    }

    pub(super) fn touch(&mut self, subjects: &[Subject]) {
        for touched in self.open.values_mut() {
            for subject in subjects.iter().filter(|subject| !matches!(subject, Subject::Gateway(_))) {
                touched.is_wide |= !matches!(subject, Subject::Secret(_));
                touched.is_everything |= *subject == Subject::Everything;
                if touched.subjects.len() < SUBJECTS_MAX {
                    touched.subjects.insert(subject.clone());
                } else {
                    touched.is_everything = true;
                }
            }
        }
    }

    /// What has changed since a ticket was opened; nothing when it was closed.
    pub(super) fn touched(&self, ticket: &Ticket) -> Option<&Touched> {
        self.open.get(&ticket.0)
    }
}

impl Touched {
    pub(super) fn is_everything(&self) -> bool {
        self.is_everything
    }

    /// Whether what was read about a secret has changed.
    pub(super) fn covers(&self, facts: &Facts) -> bool {
        self.covers_owner(&facts.owner) || self.subjects.contains(&Subject::Secret(facts.digest))
    }

    /// Whether what was read about an owner has changed.
    pub(super) fn covers_owner(&self, owner: &Owner) -> bool {
        self.is_everything
            || self.is_wide
                && (self.subjects.contains(&Subject::Owner(owner.id.as_str().to_owned()))
                    || self
                        .subjects
                        .contains(&Subject::Organization(owner.organization.id.as_str().to_owned())))
    }

    /// Whether what is being read about a secret, of an owner who is not known yet, may have changed.
    pub(super) fn may_cover(&self, digest: &Digest) -> bool {
        self.is_everything || self.is_wide || self.subjects.contains(&Subject::Secret(*digest))
    }
}
