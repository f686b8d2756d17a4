//! Rate limits: at most so many requests in any 60 seconds, with no burst beyond it.
//!
//! Each key has 61 buckets of a second. A request counts those of the current second and of the 60 before it, which
//! cover 60 to 61 seconds: so no 60 seconds ever hold more than the limit, and a wait is at most a second too long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use model::id::KeyId;

use crate::clock::Clock;

/// The window, in seconds.
pub const WINDOW_SECONDS: u64 = 60;
const BUCKETS: usize = 61;
const BUCKETS_U64: u64 = 61;
/// Keys remembered at most before idle ones are forgotten.
const KEYS_MAX: usize = 100_000;

/// Where a key stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateState {
    /// Requests allowed in any 60 seconds.
    pub limit: u32,
    /// Requests that would still pass now.
    pub remaining: u32,
    /// When everything used so far is available again.
    pub reset_at: Timestamp,
    /// Whole seconds until then.
    pub reset_after_seconds: u64,
    /// Whole seconds until the next request passes: 0 while some remain.
    pub retry_after_seconds: u64,
}

/// Counts requests by key, on the monotonic clock.
#[derive(Default)]
pub(crate) struct RateLimiter {
    keys: Mutex<HashMap<KeyId, Window>>,
}

struct Window {
    buckets: Box<[u32; BUCKETS]>,
    /// The second of the newest bucket.
    newest: u64,
}

impl RateLimiter {
    /// Counts one request if it is within the limit. The error tells where the key stands.
    pub(crate) fn take(&self, key: &KeyId, limit: u32, clock: &Clock) -> Result<RateState, RateState> {
        let millis = clock.monotonic_millis();
        let second = millis / 1000;
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= KEYS_MAX && !keys.contains_key(key) {
            keys.retain(|_, window| second.saturating_sub(window.newest) < BUCKETS_U64);
        }
        let window = keys.entry(key.clone()).or_insert_with(|| Window::starting(second));
        window.move_to(second);
        let used = window.used();
        let passes = used < u64::from(limit);
        if passes {
            window.count(second);
        }
        let state = window.state(limit, millis, clock.now());
        if passes { Ok(state) } else { Err(state) }
    }
}

impl Window {
    fn starting(second: u64) -> Self {
        Self { buckets: Box::new([0; BUCKETS]), newest: second }
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

    fn count(&mut self, second: u64) {
        if let Some(bucket) = self.bucket(second) {
            *bucket = bucket.saturating_add(1);
        }
    }

    fn used(&self) -> u64 {
        self.buckets.iter().map(|n| u64::from(*n)).sum()
    }

    fn state(&mut self, limit: u32, millis: u64, now: Timestamp) -> RateState {
        let used = self.used();
        let limit_u64 = u64::from(limit);
        let remaining = u32::try_from(limit_u64.saturating_sub(used)).unwrap_or(0);
        let (mut left, mut retry, mut last_used) = (used, 0, None);
        for second in self.newest.saturating_sub(BUCKETS_U64 - 1)..=self.newest {
            let in_bucket = self.bucket(second).map_or(0, |n| u64::from(*n));
            if in_bucket == 0 {
                continue;
            }
            last_used = Some(second);
            left -= in_bucket;
            if remaining == 0 && retry == 0 && left < limit_u64 {
                retry = seconds_until(second + BUCKETS_U64, millis);
            }
        }
        let reset = last_used.map_or(0, |second| seconds_until(second + BUCKETS_U64, millis));
        let reset_at = now.plus_seconds(i64::try_from(reset).unwrap_or(0));
        RateState { limit, remaining, reset_at, reset_after_seconds: reset, retry_after_seconds: retry }
    }
}

/// Whole seconds until a second begins, rounded up, at least 1.
fn seconds_until(second: u64, millis: u64) -> u64 {
    (second * 1000).saturating_sub(millis).div_ceil(1000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::TestClock;

    fn setting() -> (TestClock, Clock, RateLimiter, KeyId) {
        let test = TestClock::at(Timestamp::from_seconds(1_000_000));
        (test.clone(), Clock::from(test), RateLimiter::default(), KeyId::from_random("a"))
    }

    #[test]
    fn no_sixty_seconds_hold_more_than_the_limit() {
        let (test, clock, limiter, key) = setting();
        let mut passed_at = Vec::new();
        for step in 0_i64..600 {
            if limiter.take(&key, 10, &clock).is_ok() {
                passed_at.push(step);
            }
            test.advance_seconds(1);
        }
        for from in 0..540 {
            let inside = passed_at.iter().filter(|at| (from..from + 60).contains(*at)).count();
            assert!(inside <= 10, "{inside} from {from}");
        }
        assert!(passed_at.len() >= 90, "{}", passed_at.len());
    }

    #[test]
    fn the_wait_is_exact() {
        let (test, clock, limiter, key) = setting();
        assert_eq!(limiter.take(&key, 2, &clock).unwrap().remaining, 1);
        test.advance_seconds(5);
        assert_eq!(limiter.take(&key, 2, &clock).unwrap().remaining, 0);
        let refused = limiter.take(&key, 2, &clock).unwrap_err();
        let wait = i64::try_from(refused.retry_after_seconds).unwrap();
        test.advance_seconds(wait - 1);
        assert!(limiter.take(&key, 2, &clock).is_err());
        test.advance_seconds(1);
        assert!(limiter.take(&key, 2, &clock).is_ok());
    }

    #[test]
    fn keys_do_not_share_a_limit() {
        let (_, clock, limiter, key) = setting();
        assert!(limiter.take(&key, 1, &clock).is_ok());
        assert!(limiter.take(&key, 1, &clock).is_err());
        assert!(limiter.take(&KeyId::from_random("b"), 1, &clock).is_ok());
    }
}
