//! Writes what was collected.

use super::WriteBehind;
use crate::error::Result;
use crate::state::Service;

/// Items that were taken. They are put back when this is dropped, unless they were written: also if the task that
/// writes them panics or is cancelled.
struct Batch<'a, S: WriteBehind> {
    source: &'a S,
    items: Vec<S::Item>,
}

impl<S: WriteBehind> Drop for Batch<'_, S> {
    fn drop(&mut self) {
        if !self.items.is_empty() {
            self.source.put_back(std::mem::take(&mut self.items));
        }
    }
}

impl Service {
    /// Writes a batch of at most `batch_max` items in one transaction. Returns the number of items.
    pub(crate) async fn write_batch<S: WriteBehind>(&self, source: &S, batch_max: usize) -> Result<usize> {
        let mut batch = Batch { source, items: source.take(batch_max) };
        let number = batch.items.len();
        if number > 0 {
            let mut tx = self.store.begin().await?;
            source.write(&mut tx, &batch.items).await?;
            tx.commit().await?;
            batch.items.clear();
        }
        Ok(number)
    }

    /// Writes at most `most` items, in batches. A caller that passes the number of items that there are now returns
    /// under any load: what is recorded meanwhile waits for the next call.
    pub(crate) async fn write_up_to<S: WriteBehind>(
        &self,
        source: &S,
        batch_max: usize,
        most: usize,
    ) -> Result<()> {
        let mut left = most;
        while left > 0 {
            let wanted = batch_max.min(left);
            let number = self.write_batch(source, wanted).await?;
            if number < wanted {
                break;
            }
            left -= number;
        }
        Ok(())
    }
}
