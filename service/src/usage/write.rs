//! Writes usage counts and deletes old ones.

use model::time::DAY_SECONDS;
use model::usage::{HOURS_KEPT_DAYS, day_of};

use crate::error::Result;
use crate::state::Service;

/// Number of keys whose counts are written in one transaction.
const BATCH: usize = 1000;
/// Number of rows of each kind that one transaction deletes, so that the sweep does not hold up other writers.
const SWEEP_MAX: u32 = 2000;
/// Maximum number of transactions in one sweep. The rest is left to the next sweep.
const SWEEPS_MAX: u32 = 50;

impl Service {
    /// Writes all counts to the database.
    pub(crate) async fn write_usage(&self) -> Result<()> {
        self.write_up_to(&*self.usage, BATCH, self.usage.len()).await
    }

    /// Deletes counts that are older than the time for which they are kept.
    pub(crate) async fn sweep_usage(&self) -> Result<()> {
        let today = day_of(self.clock.now());
        let days_before = today.plus_seconds(-self.settings.usage_days_kept * DAY_SECONDS);
        let hours_before = today.plus_seconds(-HOURS_KEPT_DAYS * DAY_SECONDS).max(days_before);
        for _ in 0..SWEEPS_MAX {
            let mut tx = self.store.begin().await?;
            let removed = store::usage::sweep(&mut tx, hours_before, days_before, SWEEP_MAX).await?;
            tx.commit().await?;
            if removed < u64::from(SWEEP_MAX) {
                break;
            }
        }
        Ok(())
    }
}
