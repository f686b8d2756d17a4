//! The exact count of one key, with a bucket for each of the last 61 seconds.

use model::Timestamp;

use super::state::RateState;
use crate::clock::Moment;

/// Number of buckets: the current second and the 60 before it. They cover 60 to 61 seconds, so no 60 seconds ever
/// contain more requests than the limit, and a client waits at most a second too long.
const BUCKETS: usize = 61;
pub(super) const BUCKETS_U64: u64 = 61;

#[derive(Debug)]
pub(crate) struct Window {
    buckets: Box<[u32; BUCKETS]>,
    newest: u64,
}

impl Window {
    /// An empty window.
    pub(super) fn starting(second: u64) -> Self {
        Self { buckets: Box::new([0; BUCKETS]), newest: second }
    }

    /// Whether no request in it counts any more.
    pub(super) fn is_idle(&self, second: u64) -> bool {
        second.saturating_sub(self.newest) >= BUCKETS_U64
    }

    /// Adds requests at a second that is not after the newest bucket.
    pub(super) fn add(&mut self, second: u64, cost: u32) {
        if self.newest.saturating_sub(second) < BUCKETS_U64
            && let Some(bucket) = self.bucket(second)
        {
            *bucket = bucket.saturating_add(cost);
        }
    }

    /// Counts a request if it is within the limit.
    pub(super) fn take(&mut self, cost: u32, limit: u32, at: Moment) -> Result<RateState, RateState> {
        let second = at.millis / 1000;
        self.move_to(second);
        let passes = self.used() + u64::from(cost.max(1)) <= u64::from(limit);
        if passes {
            self.add(second, cost);
        }
        let state = self.state(cost, limit, at.millis, at.now);
        if passes { Ok(state) } else { Err(state) }
    }

    fn bucket(&mut self, second: u64) -> Option<&mut u32> {
        self.buckets.get_mut(usize::try_from(second % BUCKETS_U64).unwrap_or(0))
    }

    /// Empties the buckets of the seconds that have passed since the last request.
    fn move_to(&mut self, second: u64) {
        let passed = second.saturating_sub(self.newest).min(BUCKETS_U64);
        for step in 0..passed {
            if let Some(bucket) = self.bucket(second - step) {
                *bucket = 0;
            }
        }
        self.newest = self.newest.max(second);
    }

    fn used(&self) -> u64 {
        self.buckets.iter().map(|n| u64::from(*n)).sum()
    }

    fn state(&mut self, cost: u32, limit: u32, millis: u64, now: Timestamp) -> RateState {
        let used = self.used();
        let (limit_u64, wanted) = (u64::from(limit), u64::from(cost.max(1)));
        let remaining = u32::try_from(limit_u64.saturating_sub(used)).unwrap_or(0);
        let mut retry = (used + wanted <= limit_u64).then_some(0);
        let (mut left, mut last_used) = (used, None);
        for second in self.newest.saturating_sub(BUCKETS_U64 - 1)..=self.newest {
            let in_bucket = self.bucket(second).map_or(0, |n| u64::from(*n));
            if in_bucket == 0 {
                continue;
            }
            last_used = Some(second);
            left -= in_bucket;
            if retry.is_none() && left + wanted <= limit_u64 {
                retry = Some(seconds_until(second + BUCKETS_U64, millis));
            }
        }
        let reset = last_used.map_or(0, |second| seconds_until(second + BUCKETS_U64, millis));
        let reset_at = now.plus_seconds(i64::try_from(reset).unwrap_or(0));
        RateState { limit, remaining, reset_at, reset_after_seconds: reset, retry_after_seconds: retry }
    }
}

/// Whole seconds until the given second begins, rounded up, and at least 1.
pub(super) fn seconds_until(second: u64, millis: u64) -> u64 {
    (second * 1000).saturating_sub(millis).div_ceil(1000).max(1)
}
