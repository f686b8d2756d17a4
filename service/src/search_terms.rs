//! Renews search terms that an earlier version of Keystead wrote. After that, a search finds every key by the rules of
//! this version.

use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::batches::Batches;
use crate::error::Result;
use crate::state::Service;

/// Maximum number of rows of each kind (keys, users, service accounts) whose terms are renewed in one transaction.
/// Small, because a row can have hundreds of terms.
pub(crate) const BATCH: u32 = 25;
/// Time between two checks once all terms are renewed. Only servers of an earlier version write outdated terms.
const POLL_INTERVAL: Duration = Duration::from_mins(1);

impl Service {
    /// Renews batches until it is told to stop.
    pub(crate) async fn renew_search_terms(self, stopped: watch::Receiver<bool>) {
        let batches = Batches {
            clock: &self.clock,
            poll_interval: POLL_INTERVAL,
            wake: &Notify::new(),
            failure: "outdated search terms could not be renewed yet; a search may miss keys",
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
