//! Last uses of keys that call the API.

use store::Tx;
use store::keys::Use;

use crate::counts::Queue;
use crate::error::Result;
use crate::write_behind::{Collected, Collector, WriteBehind};

/// Maximum number of secrets. The last use of further secrets is not recorded until the next write.
const USES_MAX: usize = 200_000;

/// The latest use of each secret since the last write.
pub(crate) struct Uses(Collector<[u8; 32], Use>);

impl Default for Uses {
    fn default() -> Self {
        Self(Collector::new(USES_MAX))
    }
}

impl Uses {
    pub(crate) fn record(&self, newest: Use) {
        self.0.set(newest.hash, newest);
    }

    /// Number of secrets with a use to be written.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn lost_count(&self) -> u64 {
        self.0.lost_count()
    }
}

impl Collected for Use {
    /// Only the latest use is written.
    fn add_earlier(&mut self, _earlier: Self) {}
}

impl WriteBehind for Uses {
    type Item = ([u8; 32], Use);

    const QUEUE: Queue = Queue::LastUses;

    fn take(&self, most: usize) -> Vec<Self::Item> {
        self.0.take(most)
    }

    fn put_back(&self, unwritten: Vec<Self::Item>) {
        self.0.put_back(unwritten);
    }

    async fn write(&self, tx: &mut Tx, batch: &[Self::Item]) -> Result<()> {
        let uses: Vec<_> = batch.iter().map(|(_, newest)| newest.clone()).collect();
        Ok(store::keys::record_uses(tx, &uses).await?)
    }
}
