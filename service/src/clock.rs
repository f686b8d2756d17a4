//! The only place that asks what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// One moment, on both clocks.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The time of day.
    pub now: Timestamp,
    /// Milliseconds of [`Clock::monotonic_millis`].
    pub millis: u64,
}

/// Tells the time of day, and a time that only goes forward.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Fixed(TestClock),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// The time of day. May jump when the machine's clock is set.
    #[expect(clippy::disallowed_methods, reason = "this is the replacement that the ban points to")]
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

    /// The time on both clocks.
    pub fn moment(&self) -> Moment {
        Moment { now: self.now(), millis: self.monotonic_millis() }
    }

    /// Milliseconds since some moment in the past. Never goes back, whatever happens to the time of day, and goes on while
    /// the machine sleeps.
    pub fn monotonic_millis(&self) -> u64 {
        match &self.0 {
            Kind::System => system_millis(),
            Kind::Fixed(clock) => u64::try_from(clock.monotonic.load(Ordering::SeqCst) / 1000).unwrap_or(0),
        }
    }
}

/// Milliseconds since the machine was started, those included for which it slept.
#[cfg(target_os = "linux")]
fn system_millis() -> u64 {
    use rustix::time::{ClockId, clock_gettime};

    let since = clock_gettime(ClockId::Boottime);
    let part = |number: i64| u64::try_from(number).unwrap_or(0);
    part(since.tv_sec) * 1000 + part(since.tv_nsec) / 1_000_000
}

/// Milliseconds since this was first asked for. On some systems this clock stands still while the machine sleeps.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "this is the replacement that the ban points to")]
fn system_millis() -> u64 {
    use std::{sync::OnceLock, time::Instant};

    static STARTED: OnceLock<Instant> = OnceLock::new();
    let started = STARTED.get_or_init(Instant::now);
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl From<TestClock> for Clock {
    fn from(clock: TestClock) -> Self {
        Self(Kind::Fixed(clock))
    }
}

/// A clock that stands still until it is told.
#[derive(Clone, Debug)]
pub struct TestClock {
    /// The time of day, in microseconds.
    now: Arc<AtomicI64>,
    monotonic: Arc<AtomicI64>,
}

impl TestClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        let [now, monotonic] = [now.micros(); 2].map(|micros| Arc::new(AtomicI64::new(micros)));
        Self { now, monotonic }
    }

    /// The time of day that it shows.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::SeqCst))
    }

    /// Lets seconds pass.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_millis(seconds * 1000);
    }

    /// Lets less than seconds pass.
    pub fn advance_millis(&self, millis: i64) {
        self.now.fetch_add(millis * 1000, Ordering::SeqCst);
        self.monotonic.fetch_add(millis * 1000, Ordering::SeqCst);
    }

    /// Sets the time of day forward or back, as an operator does. No time passes.
    pub fn set_by_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// The system tells in `/proc/uptime` how long ago it was started, sleep included, in hundredths of a second.
    #[test]
    fn time_goes_on_while_the_machine_sleeps() {
        let told = || {
            let text = std::fs::read_to_string("/proc/uptime").unwrap();
            text.split(' ').next().unwrap().replace('.', "").parse::<u64>().unwrap() * 10
        };
        let before = told();
        let millis = Clock::system().monotonic_millis();
        assert!(
            (before..told() + 10).contains(&millis),
            "{millis} is not the {before} that the system tells"
        );
    }
}
