//! A rough count in eight bytes, beside each key in memory: enough as long as a key is far from its limit.
//!
//! Five buckets of 15 seconds hold up to 255 requests each. They cover 60 to 75 seconds, so what they hold is never less
//! than what any 60 seconds held. Before that could refuse anybody too early, the key gets an exact window.

use std::sync::atomic::{AtomicU64, Ordering};

use super::window::Window;

/// Seconds of a bucket.
const UNIT_SECONDS: u64 = 15;
const BUCKETS: u64 = 5;
const BUCKET_BITS: u64 = 8;
const BUCKET_MAX: u64 = (1 << BUCKET_BITS) - 1;
/// Above the buckets: the number of the newest unit.
const UNIT_SHIFT: u64 = BUCKETS * BUCKET_BITS;
const BUCKETS_MASK: u64 = (1 << UNIT_SHIFT) - 1;
const EXACT: u64 = 1 << 63;
const UNIT_MASK: u64 = (EXACT >> UNIT_SHIFT) - 1;

/// Where a key's requests are counted.
#[derive(Debug, Default)]
pub(crate) struct Slot(AtomicU64);

/// What a slot held at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rough(u64);

impl Slot {
    /// The slot of a key that has an exact window.
    pub(crate) fn exact() -> Self {
        Self(AtomicU64::new(EXACT))
    }

    /// What it holds; nothing when the key has an exact window.
    pub(super) fn load(&self) -> Option<Rough> {
        let packed = self.0.load(Ordering::Acquire);
        (packed & EXACT == 0).then_some(Rough(packed))
    }

    /// Replaces what it held, unless somebody else did meanwhile.
    pub(super) fn replace(&self, old: Rough, new: Rough) -> bool {
        self.0.compare_exchange(old.0, new.0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Says that the key has an exact window from now on, unless somebody else did something meanwhile.
    pub(super) fn become_exact(&self, old: Rough) -> bool {
        self.0.compare_exchange(old.0, EXACT, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

impl Rough {
    /// The same at a second, without what has passed by then.
    pub(super) fn moved_to(self, second: u64) -> Self {
        let unit = second / UNIT_SECONDS;
        // Only so many bits of the number are kept; nobody waits for years between two requests and then for one unit.
        let passed = unit.wrapping_sub(self.0 >> UNIT_SHIFT) & UNIT_MASK;
        let emptied = (0..passed.min(BUCKETS))
            .fold(self.0, |packed, step| packed & !(BUCKET_MAX << shift(unit - step)));
        Self((emptied & BUCKETS_MASK) | ((unit & UNIT_MASK) << UNIT_SHIFT))
    }

    /// All requests that may count.
    pub(super) fn used(self) -> u64 {
        (0..BUCKETS).map(|unit| self.bucket(unit)).sum()
    }

    /// With so many requests more at a second that it was moved to; nothing when they do not fit.
    pub(super) fn plus(self, cost: u32, second: u64) -> Option<Self> {
        let unit = second / UNIT_SECONDS;
        let count = self.bucket(unit) + u64::from(cost);
        (count <= BUCKET_MAX).then_some(Self(self.0 + (u64::from(cost) << shift(unit))))
    }

    /// The window of a key that gets one, at a second that it was moved to: each bucket as if all of it had come in its last
    /// second, or now.
    pub(super) fn to_window(self, second: u64) -> Window {
        let mut window = Window::starting(second);
        let newest = second / UNIT_SECONDS;
        for unit in newest.saturating_sub(BUCKETS - 1)..=newest {
            let last = ((unit + 1) * UNIT_SECONDS - 1).min(second);
            // A bucket holds 255 at most.
            window.add(last, u32::try_from(self.bucket(unit)).unwrap_or(u32::MAX));
        }
        window
    }

    fn bucket(self, unit: u64) -> u64 {
        (self.0 >> shift(unit)) & BUCKET_MAX
    }
}

/// Where the bucket of a unit begins.
fn shift(unit: u64) -> u64 {
    unit % BUCKETS * BUCKET_BITS
}
