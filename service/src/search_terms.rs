//! Renews search terms that another version of Keystead wrote, so that a search finds every key by the rules of this
//! version.

use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::batches::Batches;
use crate::error::Result;
use crate::state::Service;

/// Maximum number of keys, users and service accounts of each kind whose terms are renewed in one transaction.
const BATCH: u32 = 100;
/// Time between two checks once all terms are renewed. Only a server of an earlier version writes others.
const LOOK_EVERY: Duration = Duration::from_mins(1);

impl Service {
    /// Renews batches until it is told to stop.
    pub(crate) async fn renew_search_terms(self, stopped: watch::Receiver<bool>) {
        let batches = Batches {
            clock: &self.clock,
            look_every: LOOK_EVERY,
            wake: &Notify::new(),
            failure: "search terms of an earlier version could not be renewed yet; a search may find less",
        };
        batches.run(stopped, || self.renew_next_search_terms()).await;
    }

    /// Renews one batch. Returns `false` if there is nothing left to do. Several processes may call this at the same
    /// time.
    pub(crate) async fn renew_next_search_terms(&self) -> Result<bool> {
        if !store::search_terms::any_outdated(&mut self.store.read().await?).await? {
            return Ok(false);
        }
        let mut tx = self.store.begin().await?;
        let renewed = store::search_terms::renew(&mut tx, BATCH).await?;
        tx.commit().await?;
        Ok(renewed > 0)
    }
}
