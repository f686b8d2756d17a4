//! The only module that reads the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// One moment, on both clocks.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub now: Timestamp,
    /// Milliseconds of [`Clock::monotonic_millis`].
    pub millis: u64,
}

/// Gives the time of day, and a monotonic time that never goes back.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Fixed(TestClock),
}

impl Clock {
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// The time of day. It may jump when the machine's clock is set.
    #[expect(clippy::disallowed_methods, reason = "this is the function that the lint tells others to use")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System => {
                let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
                    Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
                    Err(before) => {
                        i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros)
                    }
                };
                Timestamp::from_micros(micros)
            }
            Kind::Fixed(clock) => clock.now(),
        }
    }

    pub fn moment(&self) -> Moment {
        Moment { now: self.now(), millis: self.monotonic_millis() }
    }

    /// Milliseconds since a fixed moment in the past. The value never goes back, even if the time of day is set. It
    /// also advances while the machine sleeps, except on some systems other than Linux.
    pub fn monotonic_millis(&self) -> u64 {
        match &self.0 {
            Kind::System => system_millis(),
            Kind::Fixed(clock) => u64::try_from(clock.monotonic.load(Ordering::SeqCst) / 1000).unwrap_or(0),
        }
    }
}

/// Milliseconds since the machine was started, including the time asleep.
#[cfg(target_os = "linux")]
fn system_millis() -> u64 {
    use rustix::time::{ClockId, clock_gettime};

    let since = clock_gettime(ClockId::Boottime);
    let part = |number: i64| u64::try_from(number).unwrap_or(0);
    part(since.tv_sec) * 1000 + part(since.tv_nsec) / 1_000_000
}

/// Milliseconds since the first call. On some systems this clock stops while the machine sleeps.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "this is the function that the lint tells others to use")]
fn system_millis() -> u64 {
    use std::sync::OnceLock;
    use std::time::Instant;

    static STARTED: OnceLock<Instant> = OnceLock::new();
    let started = STARTED.get_or_init(Instant::now);
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl From<TestClock> for Clock {
    fn from(clock: TestClock) -> Self {
        Self(Kind::Fixed(clock))
    }
}

/// A clock that changes only when a test changes it.
#[derive(Clone, Debug)]
pub struct TestClock {
    /// The time of day, in microseconds.
    now: Arc<AtomicI64>,
    monotonic: Arc<AtomicI64>,
}

impl TestClock {
    pub fn at(now: Timestamp) -> Self {
        let [now, monotonic] = [now.micros(); 2].map(|micros| Arc::new(AtomicI64::new(micros)));
        Self { now, monotonic }
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::SeqCst))
    }

    /// Advances both clocks.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_millis(seconds * 1000);
    }

    /// Advances both clocks.
    pub fn advance_millis(&self, millis: i64) {
        self.now.fetch_add(millis * 1000, Ordering::SeqCst);
        self.monotonic.fetch_add(millis * 1000, Ordering::SeqCst);
    }

    /// Sets the time of day forward or back, as an operator does. The monotonic clock stays the same.
    pub fn set_by_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// `/proc/uptime` contains the seconds since the machine was started, including sleep, with two decimals.
    #[test]
    fn time_goes_on_while_the_machine_sleeps() {
        let reported = || {
            let text = std::fs::read_to_string("/proc/uptime").unwrap();
            text.split(' ').next().unwrap().replace('.', "").parse::<u64>().unwrap() * 10
        };
        let before = reported();
        let millis = Clock::system().monotonic_millis();
        assert!(
            (before..reported() + 10).contains(&millis),
            "{millis} is not the {before} that the system reports"
        );
    }
}
