//! A map in which what was recorded waits until it is written.
//!
//! Recording takes one of several locks for a short time and never waits for the database, because it may be part of
//! every verification.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::id::{AccountId, GatewayId, KeyId};

/// Number of parts of the memory, each with its own lock, so that threads rarely wait for each other.
const SHARDS: usize = 16;
/// The room for entries that a part keeps after everything was taken. Memory that a busy second needed beyond that is
/// freed.
const ROOM_KEPT: usize = 1024;

/// A key of a [`Collector`].
pub(crate) trait CollectorKey: Clone + Eq + Hash {
    /// A byte that differs from key to key. It chooses the part of the memory.
    fn random_byte(&self) -> u8;
}

/// A value of a [`Collector`].
pub(crate) trait Collected {
    /// Adds what was collected before this, and could not be written.
    fn add_earlier(&mut self, earlier: Self);
}

/// What was recorded since the last write, by key.
pub(crate) struct Collector<K, V, S = RandomState> {
    shards: [Mutex<HashMap<K, V, S>>; SHARDS],
    /// Maximum number of entries in each part. Putting back may exceed it by one batch.
    shard_max: usize,
    /// The part from which the next batch is taken first, so that one part does not hold up the others.
    hand: AtomicUsize,
    /// How often there was no room for a key.
    lost: AtomicU64,
}

impl<K: CollectorKey, V: Collected, S: BuildHasher + Default> Collector<K, V, S> {
    /// Creates a memory for at most this many keys. What is recorded for further keys is lost. Clients may decide how
    /// many keys there are, so the memory needs a bound.
    pub(crate) fn new(keys_max: usize) -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            shard_max: keys_max.div_ceil(SHARDS),
            hand: AtomicUsize::new(0),
            lost: AtomicU64::new(0),
        }
    }

    /// Changes the value of a key. `new` creates it if there is none.
    pub(crate) fn record(&self, key: &K, new: impl FnOnce() -> V, change: impl FnOnce(&mut V)) {
        let mut shard = self.shard(key);
        if let Some(value) = shard.get_mut(key) {
            change(value);
        } else if shard.len() < self.shard_max {
            let mut value = new();
            change(&mut value);
            shard.insert(key.clone(), value);
        } else {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sets the value of a key.
    pub(crate) fn set(&self, key: K, value: V) {
        let mut shard = self.shard(&key);
        if shard.len() < self.shard_max || shard.contains_key(&key) {
            shard.insert(key, value);
        } else {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Number of keys.
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }

    /// How often something was lost because there was no room for its key.
    pub(crate) fn lost_count(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(crate) fn find(&self, key: &K) -> Option<V>
    where
        V: Clone,
    {
        self.shard(key).get(key).cloned()
    }

    /// Removes and returns the value of a key.
    pub(crate) fn take_one(&self, key: &K) -> Option<V> {
        self.shard(key).remove(key)
    }

    /// Removes and returns the values of at most this many keys.
    pub(crate) fn take(&self, most: usize) -> Vec<(K, V)> {
        self.take_if(most, |_| true)
    }

    /// Like [`Self::take`], but only of keys for which `is_due` is true.
    pub(crate) fn take_if(&self, most: usize, is_due: impl Fn(&K) -> bool) -> Vec<(K, V)> {
        let mut taken = Vec::new();
        let first = self.hand.fetch_add(1, Ordering::Relaxed) % SHARDS;
        let (before, after) = self.shards.split_at(first);
        for shard in after.iter().chain(before) {
            let mut shard = lock(shard);
            let room = most - taken.len();
            taken.extend(shard.extract_if(|key, _| is_due(key)).take(room));
            if shard.is_empty() {
                shard.shrink_to(ROOM_KEPT);
            }
        }
        taken
    }

    /// Puts back what was taken and could not be written.
    pub(crate) fn put_back(&self, unwritten: impl IntoIterator<Item = (K, V)>) {
        for (key, earlier) in unwritten {
            let mut shard = self.shard(&key);
            match shard.get_mut(&key) {
                Some(value) => value.add_earlier(earlier),
                None => {
                    shard.insert(key, earlier);
                }
            }
        }
    }

    #[expect(clippy::indexing_slicing, reason = "there are SHARDS of them")]
    fn shard(&self, key: &K) -> MutexGuard<'_, HashMap<K, V, S>> {
        lock(&self.shards[usize::from(key.random_byte()) % SHARDS])
    }
}

fn lock<T>(shard: &Mutex<T>) -> MutexGuard<'_, T> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// SHA-256.
impl CollectorKey for [u8; 32] {
    fn random_byte(&self) -> u8 {
        let [first, ..] = self;
        *first
    }
}

macro_rules! by_last_character {
    ($($id:ty)*) => {$(
        impl CollectorKey for $id {
            /// The last character of an id is random.
            fn random_byte(&self) -> u8 {
                self.as_str().bytes().last().unwrap_or_default()
            }
        }
    )*};
}
by_last_character!(AccountId GatewayId KeyId);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    struct Steps(Vec<u32>);

    impl Collected for Steps {
        fn add_earlier(&mut self, earlier: Self) {
            self.0.splice(0..0, earlier.0);
        }
    }

    fn digest(number: u32) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..4].copy_from_slice(&number.to_le_bytes());
        digest
    }

    fn record(collector: &Collector<[u8; 32], Steps>, key: u32, step: u32) {
        collector.record(&digest(key), Steps::default, |steps| steps.0.push(step));
    }

    #[test]
    fn each_key_is_taken_once_in_batches_of_the_wanted_size() {
        let collector = Collector::new(1000);
        (0..100).for_each(|key| record(&collector, key, key));
        let (mut all, mut sizes) = (BTreeMap::new(), Vec::new());
        while collector.len() > 0 {
            let taken = collector.take(30);
            sizes.push(taken.len());
            for (key, steps) in taken {
                assert_eq!(all.insert(key, steps), None);
            }
        }
        assert_eq!(sizes, [30, 30, 30, 10]);
        assert_eq!(all, (0..100).map(|key| (digest(key), Steps(vec![key]))).collect());
        assert!(collector.take(30).is_empty());
    }

    #[test]
    fn what_was_put_back_comes_before_what_was_recorded_meanwhile() {
        let collector = Collector::new(1000);
        record(&collector, 1, 10);
        record(&collector, 2, 20);
        let taken = collector.take(10);
        record(&collector, 1, 11);
        collector.put_back(taken);
        assert_eq!(collector.find(&digest(1)), Some(Steps(vec![10, 11])));
        assert_eq!(collector.take_one(&digest(2)), Some(Steps(vec![20])));
        assert_eq!(collector.take_one(&digest(2)), None);
    }

    #[test]
    fn memory_is_bounded_however_often_writing_fails() {
        let collector = Collector::new(160);
        for round in 0..100 {
            (0..1000).for_each(|key| record(&collector, round * 1000 + key, 0));
            let taken = collector.take(20);
            (0..1000).for_each(|key| record(&collector, round * 1000 + key + 500, 0));
            collector.put_back(taken);
            assert!(collector.len() <= 160 + 20 * SHARDS, "{}", collector.len());
        }
        assert!(collector.len() >= 160);
        let lost = collector.lost_count();
        assert!(lost > 0);
        // A key that is known is recorded although there is no room for a new one.
        let (known, _) = collector.take(1).remove(0);
        collector.put_back([(known, Steps::default())]);
        collector.record(&known, Steps::default, |steps| steps.0.push(7));
        assert_eq!(collector.take_one(&known), Some(Steps(vec![7])));
        assert_eq!(collector.lost_count(), lost);
    }

    #[test]
    fn a_key_that_is_recorded_again_and_again_does_not_hold_up_others() {
        let collector = Collector::new(1000);
        (0..64).for_each(|key| record(&collector, key, 0));
        let mut seen = std::collections::HashSet::new();
        for _ in 0..64 {
            for (key, _) in collector.take(4) {
                seen.insert(key);
                collector.record(&key, Steps::default, |_| ());
            }
        }
        assert_eq!(seen.len(), 64);
    }

    #[test]
    fn keys_that_are_not_due_stay() {
        let collector = Collector::new(1000);
        (0..10).for_each(|key| record(&collector, key, 0));
        let taken = collector.take_if(5, |key| key[0] % 2 == 0);
        assert!(taken.len() == 5 && taken.iter().all(|(key, _)| key[0] % 2 == 0));
        assert_eq!(collector.len(), 5);
    }
}
