//! The queries about secrets that are under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::key_cache::{Digest, KeyFacts, ReadEpoch};
use crate::error::Result;

pub(super) type Answer = Result<Option<Arc<KeyFacts>>, store::Error>;

/// The queries that are under way.
#[derive(Default)]
pub(crate) struct SingleFlight(Mutex<HashMap<Digest, Flight>>);

pub(super) struct Flight {
    pub(super) epoch: ReadEpoch,
    pub(super) asked_at_millis: u64,
    pub(super) answer: watch::Receiver<Option<Answer>>,
}

impl SingleFlight {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Flight>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
