//! Last uses of secrets, collected in memory and written in batches, so that no request waits for the write.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use store::keys::Use;

/// Maximum number of secrets between two writes. Beyond it, uses of further secrets are not recorded until the next
/// write.
const USES_MAX: usize = 200_000;

/// The latest use of each secret since the last write.
#[derive(Default)]
pub(crate) struct Uses(Mutex<HashMap<[u8; 32], Use>>);

impl Uses {
    pub(crate) fn record(&self, newest: Use) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if uses.len() < USES_MAX || uses.contains_key(&newest.hash) {
            uses.insert(newest.hash, newest);
        }
    }

    /// Takes all recorded uses.
    pub(crate) fn take(&self) -> Vec<Use> {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *uses).into_values().collect()
    }

    /// Puts back uses that could not be written, unless a newer use was recorded meanwhile.
    pub(crate) fn put_back(&self, unwritten: Vec<Use>) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for old in unwritten {
            uses.entry(old.hash).or_insert(old);
        }
    }
}
