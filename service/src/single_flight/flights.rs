//! The queries that are under way.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::mirror::ReadEpoch;

pub(crate) type Answer<V> = Result<V, store::Error>;

/// The queries of one mirror that are under way, by what they ask for.
pub(crate) struct SingleFlight<K, V>(Mutex<HashMap<K, Flight<V>>>);

pub(super) struct Flight<V> {
    pub(super) epoch: ReadEpoch,
    pub(super) asked_at_millis: u64,
    pub(super) answer: watch::Receiver<Option<Answer<V>>>,
}

impl<K, V> Default for SingleFlight<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K, V> SingleFlight<K, V> {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<K, Flight<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
