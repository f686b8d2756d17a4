//! Limits how many log lines clients can cause.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Bits of the state that count the lines of a period. The other bits are the beginning of the period in milliseconds,
/// which is enough for 500 years.
const COUNT_BITS: u32 = 20;
const COUNT: u64 = (1 << COUNT_BITS) - 1;

/// Lets a number of lines be logged in each period, and counts those that are left out. Neither takes a lock.
#[derive(Debug)]
pub struct LogThrottle {
    lines_max: u64,
    period_millis: u64,
    /// The beginning of the current period, and the number of lines in it. A count of 0 means that there is no period
    /// yet.
    state: AtomicU64,
    left_out: AtomicU64,
}

impl LogThrottle {
    /// At most one line a minute: for a warning that the operator has to read once.
    #[must_use]
    pub const fn once_a_minute() -> Self {
        Self::new(1, Duration::from_mins(1))
    }

    /// At most one line an hour: for a warning that clients can cause as well.
    #[must_use]
    pub const fn once_an_hour() -> Self {
        Self::new(1, Duration::from_hours(1))
    }

    /// At most `lines_max` lines a second: for lines that say what happened to one request.
    #[must_use]
    pub const fn per_second(lines_max: u16) -> Self {
        Self::new(lines_max, Duration::from_secs(1))
    }

    #[expect(clippy::cast_possible_truncation, reason = "a period has at most an hour")]
    const fn new(lines_max: u16, period: Duration) -> Self {
        Self {
            lines_max: lines_max as u64,
            period_millis: period.as_millis() as u64,
            state: AtomicU64::new(0),
            left_out: AtomicU64::new(0),
        }
    }

    /// Returns `Some` if a line may be logged now, with the number of lines that were left out since the last report.
    pub fn should_log(&self) -> Option<u64> {
        self.may_log().then(|| self.take_left_out())
    }

    /// Whether a line may be logged now. If not, it counts as left out until somebody reports that.
    pub fn may_log(&self) -> bool {
        self.may_log_at(millis())
    }

    fn may_log_at(&self, now: u64) -> bool {
        let count = |state: u64| self.next(state, now);
        let may_log = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count).is_ok();
        if !may_log {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
        may_log
    }

    /// The state after one more line. `None` if the period has no room for it.
    fn next(&self, state: u64, now: u64) -> Option<u64> {
        let (began, lines) = (state >> COUNT_BITS, state & COUNT);
        if lines == 0 || now.saturating_sub(began) >= self.period_millis {
            return Some((now << COUNT_BITS) | 1);
        }
        (lines < self.lines_max).then_some(state + 1)
    }

    /// Returns the number of lines that were left out since the last report. They count as reported from then on.
    pub fn take_left_out(&self) -> u64 {
        self.left_out.swap(0, Ordering::Relaxed)
    }
}

/// Milliseconds since this was first called.
fn millis() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_logged_once_a_minute_and_the_rest_is_counted() {
        let seldom = LogThrottle::once_a_minute();
        assert!(seldom.may_log_at(0));
        for _ in 0..3 {
            assert!(!seldom.may_log_at(30_000));
        }
        assert_eq!(
            (seldom.may_log_at(60_000), seldom.take_left_out(), seldom.may_log_at(60_000)),
            (true, 3, false)
        );
    }

    #[test]
    fn some_lines_a_second_are_logged_and_the_rest_is_counted() {
        let often = LogThrottle::per_second(5);
        for second in 0..3 {
            let logged = (0..100).filter(|n| often.may_log_at(second * 1000 + n)).count();
            assert_eq!(logged, 5);
            assert_eq!(often.take_left_out(), 95);
        }
        assert_eq!(often.take_left_out(), 0);
    }

    #[test]
    fn no_line_is_lost_among_threads() {
        let often = LogThrottle::per_second(5);
        let logged: usize = std::thread::scope(|scope| {
            let flood = || (0..1000).filter(|_| often.may_log_at(7)).count();
            let threads = [(); 4].map(|()| scope.spawn(flood));
            threads.map(|thread| thread.join().unwrap()).iter().sum()
        });
        assert_eq!(logged, 5);
    }
}
