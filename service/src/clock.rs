//! The only place that asks what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// One moment, on both clocks.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The time of day.
    pub now: Timestamp,
    /// Milliseconds since the clock was made.
    pub millis: u64,
}

/// Tells the time of day, and a time that only goes forward.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System { started: Instant },
    Fixed(TestClock),
}

impl Clock {
    /// The machine's clock.
    #[expect(clippy::disallowed_methods, reason = "this is the replacement that the ban points to")]
    pub fn system() -> Self {
        Self(Kind::System { started: Instant::now() })
    }

    /// The time of day. May jump when the machine's clock is set.
    #[expect(clippy::disallowed_methods, reason = "this is the replacement that the ban points to")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System { .. } => {
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

    /// Milliseconds since the clock was made: never goes back, whatever happens to the time of day.
    pub fn monotonic_millis(&self) -> u64 {
        match &self.0 {
            Kind::System { started } => u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            Kind::Fixed(clock) => clock.monotonic_millis(),
        }
    }
}

impl From<TestClock> for Clock {
    fn from(clock: TestClock) -> Self {
        Self(Kind::Fixed(clock))
    }
}

/// A clock that stands still until it is told.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<Hands>);

#[derive(Debug)]
struct Hands {
    /// The time of day, in microseconds.
    now: AtomicI64,
    /// A time that only goes forward, in microseconds.
    monotonic: AtomicI64,
}

impl TestClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        let (now, monotonic) = (AtomicI64::new(now.micros()), AtomicI64::new(now.micros()));
        Self(Arc::new(Hands { now, monotonic }))
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.now.load(Ordering::SeqCst))
    }

    /// Lets seconds pass.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_millis(seconds * 1000);
    }

    /// Lets less than seconds pass.
    pub fn advance_millis(&self, millis: i64) {
        self.0.now.fetch_add(millis * 1000, Ordering::SeqCst);
        self.0.monotonic.fetch_add(millis * 1000, Ordering::SeqCst);
    }

    /// Sets the time of day forward, or back when negative, while no time passes: as when somebody sets the machine's clock.
    pub fn set_forward(&self, seconds: i64) {
        self.0.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    fn monotonic_millis(&self) -> u64 {
        u64::try_from(self.0.monotonic.load(Ordering::SeqCst) / 1000).unwrap_or(0)
    }
}
