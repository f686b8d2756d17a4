//! Last uses, gathered in memory and written in batches: no request waits for this write.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use store::keys::Use;

/// Secrets remembered between two writes. Beyond it, uses of further secrets wait for their next request.
const USES_MAX: usize = 200_000;

/// The newest use of each secret since the last write.
#[derive(Default)]
pub(crate) struct Uses(Mutex<HashMap<[u8; 32], Use>>);

impl Uses {
    /// Notes a use.
    pub(crate) fn note(&self, newest: Use) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if uses.len() < USES_MAX || uses.contains_key(&newest.hash) {
            uses.insert(newest.hash, newest);
        }
    }

    /// Takes all that were noted.
    pub(crate) fn take(&self) -> Vec<Use> {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *uses).into_values().collect()
    }

    /// Puts back what could not be written, unless something newer was noted meanwhile.
    pub(crate) fn put_back(&self, unwritten: Vec<Use>) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for old in unwritten {
            uses.entry(old.hash).or_insert(old);
        }
    }
}
