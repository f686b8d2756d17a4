//! The open read epochs, and what has changed since each of them was opened.

use std::collections::HashMap;

use super::{Change, Changed, Subject};

/// A read from the database that is under way. It must be closed.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub struct ReadEpoch(u64);

/// The open read epochs.
pub(super) struct Epochs<S> {
    opened: u64,
    open: HashMap<u64, Changed<S>>,
}

impl<S: Subject> Epochs<S> {
    pub(super) fn new() -> Self {
        Self { opened: 0, open: HashMap::new() }
    }

    pub(super) fn open(&mut self) -> ReadEpoch {
        self.opened += 1;
        self.open.insert(self.opened, Changed::nothing());
        ReadEpoch(self.opened)
    }

    pub(super) fn close(&mut self, epoch: &ReadEpoch) {
        self.open.remove(&epoch.0);
    }

    /// Records changes in all open epochs.
    pub(super) fn record(&mut self, changes: &[Change<S>]) {
        for changed in self.open.values_mut() {
            for change in changes {
                changed.add(change);
            }
        }
    }

    /// What has changed since a read epoch was opened. `None` if it was closed.
    pub(super) fn changed(&self, epoch: &ReadEpoch) -> Option<&Changed<S>> {
        self.open.get(&epoch.0)
    }
}
