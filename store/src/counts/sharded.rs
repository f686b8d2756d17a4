//! Counts that many threads increase at the same time.

use std::array;
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Number of copies of the counts. Threads beyond that share a copy.
const SHARDS: usize = 8;

/// `N` counts. Each thread adds to one of several copies, so that threads rarely write to the same cache line.
pub struct ShardedCounts<const N: usize>([Shard<N>; SHARDS]);

/// Aligned to two cache lines, because processors fetch them in pairs.
#[repr(align(128))]
struct Shard<const N: usize>([AtomicU64; N]);

impl<const N: usize> Default for ShardedCounts<N> {
    fn default() -> Self {
        Self(array::from_fn(|_| Shard(array::from_fn(|_| AtomicU64::new(0)))))
    }
}

impl<const N: usize> ShardedCounts<N> {
    /// Adds to a count. A place that does not exist is ignored.
    pub fn add(&self, place: usize, n: u64) {
        if let Some(count) = self.0.get(own_shard()).and_then(|shard| shard.0.get(place)) {
            count.fetch_add(n, Ordering::Relaxed);
        }
    }

    /// The present value of a count.
    pub fn total(&self, place: usize) -> u64 {
        let counts = self.0.iter().filter_map(|shard| shard.0.get(place));
        counts.fold(0, |total, count| total.wrapping_add(count.load(Ordering::Relaxed)))
    }
}

/// The copy that this thread adds to. Threads take turns.
fn own_shard() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    // While a thread ends, its own value may be gone. Any copy will do then.
    OWN.try_with(|own| {
        if own.get() == usize::MAX {
            own.set(NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS);
        }
        own.get()
    })
    .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_count_of_any_thread_is_lost() {
        let counts = ShardedCounts::<3>::default();
        std::thread::scope(|scope| {
            for _ in 0..2 * SHARDS {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        counts.add(1, 2);
                    }
                });
            }
        });
        assert_eq!([0, 1, 2].map(|place| counts.total(place)), [0, 2 * SHARDS as u64 * 2000, 0]);
        counts.add(3, 1);
        assert_eq!(counts.total(3), 0);
    }
}
