//! What has changed.

use std::collections::HashSet;
use std::hash::Hash;

/// Maximum number of subjects recorded for each read epoch. Beyond it, everything counts as changed.
const SUBJECTS_MAX: usize = 10_000;

/// The name of something that can change.
pub trait Subject: Clone + Eq + Hash {
    /// Whether other rows depend on it, as all keys of an owner depend on the owner. Only the row itself shows on which
    /// shared subjects it depends.
    fn is_shared(&self) -> bool;
}

/// A change in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<S> {
    Of(S),
    /// Anything may have changed.
    Everything,
}

/// What has changed since a read epoch was opened.
#[derive(Debug)]
pub struct Changed<S> {
    subjects: HashSet<S>,
    is_shared: bool,
    is_everything: bool,
}

impl<S: Subject> Changed<S> {
    pub(super) fn nothing() -> Self {
        Self { subjects: HashSet::new(), is_shared: false, is_everything: false }
    }

    pub(super) fn everything() -> Self {
        Self { is_everything: true, ..Self::nothing() }
    }

    pub(super) fn add(&mut self, change: &Change<S>) {
        match change {
            Change::Of(subject) if self.subjects.len() < SUBJECTS_MAX => {
                self.is_shared |= subject.is_shared();
                self.subjects.insert(subject.clone());
            }
            Change::Of(_) | Change::Everything => self.is_everything = true,
        }
    }

    /// Whether a subject may have changed.
    pub fn covers(&self, subject: &S) -> bool {
        self.is_everything || self.subjects.contains(subject)
    }

    /// Whether the row of a subject may have changed, if it is not known on which shared subjects the row depends.
    pub fn may_cover(&self, subject: &S) -> bool {
        self.is_shared || self.covers(subject)
    }

    /// Whether anything may have changed on which other rows depend.
    pub fn has_shared(&self) -> bool {
        self.is_everything || self.is_shared
    }

    /// Whether anything may have changed.
    pub fn is_everything(&self) -> bool {
        self.is_everything
    }

    /// The subjects that have changed, unless that is everything.
    pub fn subjects(&self) -> impl Iterator<Item = &S> {
        self.subjects.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Even numbers are shared.
    impl Subject for usize {
        fn is_shared(&self) -> bool {
            self.is_multiple_of(2)
        }
    }

    #[test]
    fn a_shared_subject_may_concern_every_row_and_another_one_only_its_own() {
        let mut changed = Changed::nothing();
        changed.add(&Change::Of(1));
        let seen = |changed: &Changed<usize>| (changed.covers(&1), changed.covers(&3), changed.may_cover(&3));
        assert_eq!((seen(&changed), changed.has_shared()), ((true, false, false), false));
        changed.add(&Change::Of(2));
        assert_eq!((seen(&changed), changed.has_shared()), ((true, false, true), true));
        assert_eq!(changed.subjects().count(), 2);
        changed.add(&Change::Everything);
        assert_eq!((seen(&changed), changed.is_everything()), ((true, true, true), true));
    }

    #[test]
    fn too_many_changes_count_as_everything() {
        let mut changed = Changed::nothing();
        (0..SUBJECTS_MAX).for_each(|number| changed.add(&Change::Of(2 * number + 1)));
        assert!(!changed.has_shared() && !changed.covers(&0));
        changed.add(&Change::Of(1));
        assert!(changed.has_shared() && changed.covers(&0));
    }
}
