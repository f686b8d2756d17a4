//! An approximate counter of eight bytes beside each cached key. It is enough while a key is far from its limit.
//!
//! Each of five buckets of 15 seconds counts up to 255 requests. They cover 60 to 75 seconds, so their sum is never
//! less than the requests of the last 60 seconds. It may be more, so the key gets an exact window before the excess
//! could refuse a request too early.

use std::sync::atomic::{AtomicU64, Ordering};

use super::window::Window;

/// Length of a bucket.
const UNIT_SECONDS: u64 = 15;
const BUCKETS: u64 = 5;
const BUCKET_BITS: u64 = 8;
const BUCKET_MAX: u64 = (1 << BUCKET_BITS) - 1;
/// The number of the newest unit is stored above the buckets.
const UNIT_SHIFT: u64 = BUCKETS * BUCKET_BITS;
const BUCKETS_MASK: u64 = (1 << UNIT_SHIFT) - 1;
const EXACT: u64 = 1 << 63;
const UNIT_MASK: u64 = (EXACT >> UNIT_SHIFT) - 1;

/// Counts the requests of a key, or records that the key has an exact window.
#[derive(Debug, Default)]
pub(crate) struct ApproximateCounter(AtomicU64);

/// The value of a counter at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Buckets(u64);

impl ApproximateCounter {
    /// Creates the counter of a key that has an exact window.
    pub(crate) fn exact() -> Self {
        Self(AtomicU64::new(EXACT))
    }

    /// Returns the value, or `None` if the key has an exact window.
    pub(super) fn load(&self) -> Option<Buckets> {
        let packed = self.0.load(Ordering::Acquire);
        (packed & EXACT == 0).then_some(Buckets(packed))
    }

    /// Replaces the value, unless another thread did so meanwhile.
    pub(super) fn replace(&self, old: Buckets, new: Buckets) -> bool {
        self.0.compare_exchange(old.0, new.0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Records that the key has an exact window from now on, unless another thread changed the value meanwhile.
    pub(super) fn become_exact(&self, old: Buckets) -> bool {
        self.0.compare_exchange(old.0, EXACT, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

impl Buckets {
    /// Moves the buckets to a second and empties those that have expired by then.
    pub(super) fn moved_to(self, second: u64) -> Self {
        let unit = second / UNIT_SECONDS;
        // The unit number wraps after about four years. Only a key that is idle for exactly that long would be counted
        // wrongly.
        let passed = unit.wrapping_sub(self.0 >> UNIT_SHIFT) & UNIT_MASK;
        let emptied = (0..passed.min(BUCKETS))
            .fold(self.0, |packed, step| packed & !(BUCKET_MAX << shift(unit - step)));
        Self((emptied & BUCKETS_MASK) | ((unit & UNIT_MASK) << UNIT_SHIFT))
    }

    /// The sum of all buckets.
    pub(super) fn used(self) -> u64 {
        (0..BUCKETS).map(|unit| self.bucket(unit)).sum()
    }

    /// Adds requests at the second that the buckets were moved to. Returns `None` if they do not fit.
    pub(super) fn plus(self, cost: u32, second: u64) -> Option<Self> {
        let unit = second / UNIT_SECONDS;
        let count = self.bucket(unit) + u64::from(cost);
        (count <= BUCKET_MAX).then_some(Self(self.0 + (u64::from(cost) << shift(unit))))
    }

    /// Returns an exact window with these counts, at the second that the buckets were moved to. The requests of each
    /// bucket count as if all had come in its last second, or now if that is earlier.
    pub(super) fn to_window(self, second: u64) -> Window {
        let mut window = Window::starting(second);
        let newest = second / UNIT_SECONDS;
        for unit in newest.saturating_sub(BUCKETS - 1)..=newest {
            let last = ((unit + 1) * UNIT_SECONDS - 1).min(second);
            // A bucket counts 255 at most.
            window.add(last, u32::try_from(self.bucket(unit)).unwrap_or(u32::MAX));
        }
        window
    }

    fn bucket(self, unit: u64) -> u64 {
        (self.0 >> shift(unit)) & BUCKET_MAX
    }
}

/// The position of a unit's lowest bit.
fn shift(unit: u64) -> u64 {
    unit % BUCKETS * BUCKET_BITS
}
