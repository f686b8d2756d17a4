//! Rate limits: a key may make a limited number of requests in any 60 seconds, with no burst beyond that. Time is
//! measured by the monotonic clock.

mod approximate_counter;
mod state;
mod window;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Moment;
use window::{BUCKETS_U64, seconds_until};

pub(crate) use approximate_counter::ApproximateCounter;
pub use state::RateState;
pub(crate) use window::Window;

/// Length of the window.
pub const WINDOW_SECONDS: u64 = 60;
/// Keys with a smaller limit are counted exactly from their first request on.
const APPROXIMATE_BELOW: u32 = 64;
const SHARDS: usize = 64;

/// Counts requests. Each key is counted approximately in its [`ApproximateCounter`], and exactly here once that can
/// make a difference.
pub(crate) struct RateLimiter([Mutex<HashMap<[u8; 32], Window>>; SHARDS]);

impl Default for RateLimiter {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

impl RateLimiter {
    /// Counts a request with this cost, if it is within the limit of the key with this hash. A cost of 0 counts nothing
    /// and only reads the state. The error contains the state as well.
    pub(crate) fn take(
        &self,
        slot: &ApproximateCounter,
        hash: &[u8; 32],
        cost: u32,
        limit: u32,
        at: Moment,
    ) -> Result<RateState, RateState> {
        let second = at.millis / 1000;
        while let Some(old) = slot.load() {
            let now = old.moved_to(second);
            let used = now.used() + u64::from(cost);
            let is_far = limit >= APPROXIMATE_BELOW && used <= u64::from(limit / 2);
            if let Some(new) = now.plus(cost, second).filter(|_| is_far) {
                if slot.replace(old, new) {
                    return Ok(approximate(used, limit, at));
                }
                continue;
            }
            let mut windows = self.windows(hash);
            // A thread that finds the key exact from here on waits for this lock and then finds the window.
            if slot.become_exact(old) {
                let window = windows.entry(*hash).or_insert(now.to_window(second));
                return window.take(cost, limit, at);
            }
        }
        self.windows(hash).entry(*hash).or_insert_with(|| Window::starting(second)).take(cost, limit, at)
    }

    /// Removes and returns the count of a secret that is replaced.
    pub(crate) fn adopt(&self, slot: &ApproximateCounter, hash: &[u8; 32], at: Moment) -> Option<Window> {
        let second = at.millis / 1000;
        let mut windows = self.windows(hash);
        loop {
            match slot.load() {
                None => return windows.remove(hash),
                Some(rough) if slot.become_exact(rough) => {
                    return Some(rough.moved_to(second).to_window(second));
                }
                Some(_) => {}
            }
        }
    }

    /// Stores the count from [`Self::adopt`] for the new secret.
    pub(crate) fn transfer(&self, slot: &ApproximateCounter, hash: &[u8; 32], counted: Window) {
        let mut windows = self.windows(hash);
        while let Some(rough) = slot.load() {
            if slot.become_exact(rough) {
                break;
            }
        }
        windows.insert(*hash, counted);
    }

    /// Removes windows in which nothing counts any more.
    pub(crate) fn sweep(&self, at: Moment) {
        for shard in &self.0 {
            let mut windows = shard.lock().unwrap_or_else(PoisonError::into_inner);
            windows.retain(|_, window| !window.is_idle(at.millis / 1000));
            if windows.len() < windows.capacity() / 4 {
                windows.shrink_to_fit();
            }
        }
    }

    fn windows(&self, hash: &[u8; 32]) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Window>> {
        let [first, ..] = hash;
        let [zeroth, ..] = &self.0;
        let shard = self.0.get(usize::from(*first) % SHARDS).unwrap_or(zeroth);
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of a key that is far from its limit. The requests that it just made are the last to leave the window.
fn approximate(used: u64, limit: u32, at: Moment) -> RateState {
    let remaining = limit.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
    let reset = if used == 0 { 0 } else { seconds_until(at.millis / 1000 + BUCKETS_U64, at.millis) };
    let reset_at = at.now.plus_seconds(i64::try_from(reset).unwrap_or(0));
    RateState { limit, remaining, reset_at, reset_after_seconds: reset, retry_after_seconds: Some(0) }
}

#[cfg(test)]
mod tests {
    use model::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::clock::{Clock, TestClock};

    struct Setting {
        test: TestClock,
        clock: Clock,
        limiter: RateLimiter,
        slot: ApproximateCounter,
    }

    fn setting() -> Setting {
        let test = TestClock::at(Timestamp::from_seconds(1_795_305_600));
        let clock = Clock::from(test.clone());
        Setting { test, clock, limiter: RateLimiter::default(), slot: ApproximateCounter::default() }
    }

    impl Setting {
        fn take(&self, cost: u32, limit: u32) -> Result<RateState, RateState> {
            self.limiter.take(&self.slot, &[7; 32], cost, limit, self.clock.moment())
        }
    }

    #[test]
    fn any_sixty_seconds_contain_at_most_the_limit() {
        // The limit is reached by keys that change from approximate to exact on the way, and by keys that are exact
        // from the start.
        for (limit, each_second) in [(10, 1), (100, 7), (300, 4), (300, 40), (64, 1)] {
            let setting = setting();
            let mut passed_at = Vec::new();
            for step in 0_i64..600 {
                for _ in 0..each_second {
                    passed_at.extend(setting.take(1, limit).ok().map(|_| step));
                }
                setting.test.advance_seconds(1);
            }
            let most = (0..540)
                .map(|from| passed_at.iter().filter(|at| (from..from + 60).contains(*at)).count())
                .max();
            assert!(most <= Some(limit as usize), "{most:?} of {limit}");
            // In ten minutes, at least nine times as many requests pass as one minute offers or allows.
            let offered = each_second * 60;
            assert!(passed_at.len() >= (offered.min(limit) * 9) as usize, "{} of {limit}", passed_at.len());
        }
    }

    #[test]
    fn the_wait_is_exact() {
        let setting = setting();
        assert_eq!(setting.take(1, 2).unwrap().remaining, 1);
        setting.test.advance_seconds(5);
        assert_eq!(setting.take(1, 2).unwrap().remaining, 0);
        let refused = setting.take(1, 2).unwrap_err();
        let wait = i64::try_from(refused.retry_after_seconds.unwrap()).unwrap();
        setting.test.advance_seconds(wait - 1);
        assert!(setting.take(1, 2).is_err());
        setting.test.advance_seconds(1);
        assert!(setting.take(1, 2).is_ok());
    }

    proptest! {
        /// Published client libraries sleep for as long as the response says, inside the call.
        #[test]
        fn the_reported_wait_is_enough_and_not_too_long(
            limit in 1_u32..6,
            gaps in prop::collection::vec(0_i64..40_000, 1..80),
        ) {
            let setting = setting();
            let millis = || setting.test.now().micros() / 1000;
            let mut passed: Vec<i64> = Vec::new();
            for gap in gaps {
                setting.test.advance_millis(gap);
                if let Err(state) = setting.take(1, limit) {
                    let reported = state.retry_after_seconds.unwrap();
                    let wait = i64::try_from(reported).unwrap();
                    // The wait that a window of exactly 60 seconds would ask for.
                    let free = passed[passed.len() - usize::try_from(limit).unwrap()] + 60_000;
                    let needed = (free - millis()).max(0).unsigned_abs().div_ceil(1000);
                    prop_assert!(reported <= needed + 1, "{wait} for {needed}");
                    prop_assert!(reported >= needed.max(1), "{wait} for {needed}");
                    prop_assert_eq!(state.remaining, 0);
                    setting.test.advance_millis((wait - 1) * 1000);
                    prop_assert!(setting.take(1, limit).is_err(), "a second early");
                    setting.test.advance_millis(1000);
                    prop_assert!(setting.take(1, limit).is_ok(), "after the reported wait");
                }
                let now = millis();
                passed.push(now);
                let inside = passed.iter().filter(|at| now - **at < 60_000).count();
                prop_assert!(inside <= usize::try_from(limit).unwrap(), "{inside} within 60 seconds");
            }
        }
    }

    #[test]
    fn a_request_can_count_as_several_or_none() {
        let setting = setting();
        assert_eq!(setting.take(0, 10).unwrap().remaining, 10);
        assert_eq!(setting.take(7, 10).unwrap().remaining, 3);
        let refused = setting.take(4, 10).unwrap_err();
        assert!(refused.remaining == 3 && refused.retry_after_seconds > Some(0));
        assert_eq!(setting.take(3, 10).unwrap().remaining, 0);
        assert!(setting.take(0, 10).is_err());
    }

    #[test]
    fn a_request_that_costs_more_than_the_limit_never_passes() {
        for used in [0, 3, 10] {
            let setting = setting();
            if used > 0 {
                assert!(setting.take(used, 10).is_ok());
            }
            assert_eq!(setting.take(11, 10).unwrap_err().retry_after_seconds, None, "{used}");
            let whole = setting.take(10, 10);
            assert_eq!(whole.is_ok(), used == 0);
            let (Ok(state) | Err(state)) = whole;
            assert_eq!(state.retry_after_seconds, Some(61), "{used}");
        }
    }

    #[test]
    fn keys_do_not_share_a_limit() {
        let setting = setting();
        assert!(setting.take(1, 1).is_ok() && setting.take(1, 1).is_err());
        let at = setting.clock.moment();
        assert!(setting.limiter.take(&ApproximateCounter::default(), &[8; 32], 1, 1, at).is_ok());
    }

    #[test]
    fn counted_requests_still_count_after_a_rotation() {
        for (limit, used) in [(5, 4), (300, 100), (300, 250)] {
            let setting = setting();
            for _ in 0..used {
                assert!(setting.take(1, limit).is_ok());
            }
            let (next, at) = (ApproximateCounter::default(), setting.clock.moment());
            let counted = setting.limiter.adopt(&setting.slot, &[7; 32], at).unwrap();
            setting.limiter.transfer(&next, &[9; 32], counted);
            assert_eq!(
                setting.limiter.take(&next, &[9; 32], 1, limit, at).unwrap().remaining,
                limit - used - 1
            );
        }
    }

    #[test]
    fn only_idle_windows_are_removed() {
        let setting = setting();
        assert!(setting.take(1, 1).is_ok());
        setting.test.advance_seconds(59);
        setting.limiter.sweep(setting.clock.moment());
        assert!(setting.take(1, 1).is_err());
        setting.test.advance_seconds(61);
        setting.limiter.sweep(setting.clock.moment());
        assert!(setting.limiter.0.iter().all(|shard| shard.lock().unwrap().is_empty()));
        assert!(setting.take(1, 1).is_ok());
    }

    #[test]
    fn at_most_the_limit_pass_at_the_same_time() {
        for limit in [50_u32, 300] {
            let setting = setting();
            let passed: usize = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4)
                    .map(|_| scope.spawn(|| (0..400).filter(|_| setting.take(1, limit).is_ok()).count()))
                    .collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            assert_eq!(passed, limit as usize);
        }
    }
}
