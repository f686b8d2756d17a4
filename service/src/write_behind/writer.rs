//! Writes what was collected.

use store::causes;

use super::WriteBehind;
use crate::error::{Error, Result};
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
    ///
    /// If the database refuses a value, smaller and smaller parts are written, until the item with this value is alone.
    /// It is then dropped: put back, it would keep the items behind it from ever being written.
    pub(crate) async fn write_batch<S: WriteBehind>(&self, source: &S, batch_max: usize) -> Result<usize> {
        let mut batch = Batch { source, items: source.take(batch_max) };
        let number = batch.items.len();
        let mut part = number;
        while !batch.items.is_empty() {
            match self.write_part(source, batch.items.get(..part).unwrap_or_default()).await {
                Err(Error::Store(error)) if error.is_about_value() && part > 1 => {
                    part /= 2;
                    continue;
                }
                Err(Error::Store(error)) if error.is_about_value() => {
                    self.counts.queues.refused(S::QUEUE);
                    tracing::error!(
                        error = %causes(&error),
                        "a recorded item can never be written and is dropped"
                    );
                }
                written => written?,
            }
            batch.items.drain(..part);
            part = batch.items.len();
        }
        Ok(number)
    }

    async fn write_part<S: WriteBehind>(&self, source: &S, part: &[S::Item]) -> Result<()> {
        let mut tx = self.store.begin().await?;
        source.write(&mut tx, part).await?;
        Ok(tx.commit().await?)
    }

    /// Writes at most `most` items, in batches. A caller that passes the number of items that there are now returns
    /// under any load: what is recorded meanwhile waits for the next call.
    pub(crate) async fn write_up_to<S: WriteBehind>(
        &self,
        source: &S,
        batch_max: usize,
        most: usize,
    ) -> Result<()> {
        let (started, mut left) = (self.clock.monotonic_millis(), most);
        while left > 0 {
            let wanted = batch_max.min(left);
            let number = self.write_batch(source, wanted).await?;
            if number < wanted {
                break;
            }
            left -= number;
        }
        self.counts.queues.written(S::QUEUE, started);
        Ok(())
    }
}
