//! The commit of a transaction, with the invalidations of what it has changed.

use crate::db::Tx;
use crate::{Result, caller_locks, invalidations};

impl Tx {
    /// Commits the transaction and returns once the changes are durable. The commit continues even if the caller stops
    /// waiting.
    ///
    /// Before this returns, the listener has received all invalidations. It receives them even if the outcome is
    /// unknown, because a connection may break just after the changes were committed.
    ///
    /// Fails if any statement of the transaction has failed, even if the caller ignored that error.
    pub async fn commit(mut self) -> Result<()> {
        let invalidated = invalidations::deduplicate(self.take_invalidated());
        if !invalidated.is_empty() && !self.is_doomed() {
            caller_locks::lock_exclusive(&mut self, &invalidated).await?;
            invalidations::write(&mut self, &invalidated).await?;
        }
        self.finish(invalidated).await
    }
}
