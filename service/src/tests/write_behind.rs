//! Tests that what was collected is written once, and is not lost if that fails.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use model::id::KeyId;
use store::Tx;

use crate::counts::Queue;
use crate::testing::TestBed;
use crate::write_behind::{Collected, Collector, WriteBehind};
use crate::{Error, Result};

impl Collected for u64 {
    fn add_earlier(&mut self, earlier: Self) {
        *self += earlier;
    }
}

/// Writes numbers of keys, and records one more use of each key while it does so.
struct Numbers {
    collector: Collector<KeyId, u64>,
    is_failing: AtomicBool,
    /// Keys that can never be written.
    refused: Vec<KeyId>,
    batches: Mutex<Vec<Vec<(KeyId, u64)>>>,
}

impl Numbers {
    fn of(keys: u32) -> Self {
        let numbers = Self {
            collector: Collector::new(1000),
            is_failing: AtomicBool::new(false),
            refused: Vec::new(),
            batches: Mutex::default(),
        };
        (0..keys).for_each(|key| numbers.add(&KeyId::from_random(&format!("{key:04}"))));
        numbers
    }

    fn add(&self, key: &KeyId) {
        self.collector.record(key, || 0, |number| *number += 1);
    }

    fn sum(&self) -> u64 {
        self.collector.take(usize::MAX).into_iter().map(|(_, number)| number).sum()
    }
}

impl WriteBehind for Numbers {
    type Item = (KeyId, u64);

    const QUEUE: Queue = Queue::UsageCounts;

    fn take(&self, most: usize) -> Vec<Self::Item> {
        self.collector.take(most)
    }

    fn put_back(&self, unwritten: Vec<Self::Item>) {
        self.collector.put_back(unwritten);
    }

    async fn write(&self, _tx: &mut Tx, batch: &[Self::Item]) -> Result<()> {
        for (key, _) in batch {
            self.add(key);
        }
        if self.is_failing.load(Ordering::Relaxed) {
            return Err(Error::Busy);
        }
        if batch.iter().any(|(key, _)| self.refused.contains(key)) {
            return Err(store::Error::Corrupt("a value".to_owned()).into());
        }
        self.batches.lock().unwrap().push(batch.to_vec());
        Ok(())
    }
}

#[tokio::test]
async fn a_round_ends_although_new_items_come_all_the_time() {
    let (bed, numbers) = (TestBed::sqlite().await, Numbers::of(25));
    bed.service.write_up_to(&numbers, 10, numbers.collector.len()).await.unwrap();
    let sizes: Vec<_> = numbers.batches.lock().unwrap().iter().map(Vec::len).collect();
    assert_eq!(sizes, [10, 10, 5]);
    assert_eq!(numbers.sum(), 25, "what was recorded meanwhile is still there");
}

#[tokio::test]
async fn a_batch_that_fails_is_put_back_and_added_to_what_came_meanwhile() {
    let (bed, numbers) = (TestBed::sqlite().await, Numbers::of(25));
    numbers.is_failing.store(true, Ordering::Relaxed);
    assert!(bed.service.write_up_to(&numbers, 10, 25).await.is_err());
    assert!(numbers.batches.lock().unwrap().is_empty());
    assert_eq!((numbers.collector.len(), numbers.sum()), (25, 25 + 10));
}

#[tokio::test]
async fn items_that_can_never_be_written_do_not_hold_up_the_others() {
    let (bed, mut numbers) = (TestBed::sqlite().await, Numbers::of(25));
    let refused = ["0003", "0004", "0024"].map(KeyId::from_random);
    numbers.refused = refused.to_vec();
    assert_eq!(bed.service.write_batch(&numbers, 25).await.unwrap(), 25);
    let mut written: Vec<_> = numbers.batches.lock().unwrap().concat();
    written.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
    let expected = (0..25).map(|key| KeyId::from_random(&format!("{key:04}")));
    let expected: Vec<_> = expected.filter(|key| !refused.contains(key)).map(|key| (key, 1)).collect();
    assert_eq!(written, expected);
    let queues = bed.service.readings().queues;
    let counted = queues.iter().find(|reading| reading.queue == Numbers::QUEUE.as_str()).unwrap();
    assert_eq!(counted.dropped, 3);
}

#[tokio::test]
async fn without_a_database_nothing_is_lost() {
    let (bed, numbers) = (TestBed::sqlite().await, Numbers::of(5));
    bed.database.store.close().await;
    assert!(bed.service.write_batch(&numbers, 10).await.is_err());
    assert_eq!(numbers.sum(), 5);
}

#[tokio::test]
async fn a_batch_whose_writing_is_cancelled_is_put_back() {
    let (bed, numbers) = (TestBed::sqlite().await, Numbers::of(5));
    // SQLite has one writer, so the batch waits.
    let tx = bed.database.store.begin().await.unwrap();
    {
        let mut writing = pin!(bed.service.write_batch(&numbers, 10));
        let poll_once = poll_fn(|cx| Poll::Ready(writing.as_mut().poll(cx).is_pending()));
        assert!(poll_once.await);
        assert_eq!(numbers.collector.len(), 0, "taken");
    }
    drop(tx);
    assert_eq!(numbers.sum(), 5);
}
