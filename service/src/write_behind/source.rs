//! What is written behind.

use store::Tx;

use crate::counts::Queue;
use crate::error::Result;

/// A memory of items to be written, and the statement that writes them.
pub(crate) trait WriteBehind: Sync {
    type Item: Send + Sync;

    /// The queue under which the items are counted.
    const QUEUE: Queue;

    /// Takes items to be written, at most this many. If it returns fewer, there are no more.
    fn take(&self, most: usize) -> Vec<Self::Item>;

    /// Puts back items that could not be written. What was recorded meanwhile is newer.
    fn put_back(&self, unwritten: Vec<Self::Item>);

    /// Writes a batch. The caller commits the transaction.
    fn write(&self, tx: &mut Tx, batch: &[Self::Item]) -> impl Future<Output = Result<()>> + Send;
}
