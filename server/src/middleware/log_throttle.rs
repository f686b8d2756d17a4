//! Limits how often a warning that clients can cause is logged.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Minimum time between two log lines of the same kind.
const PAUSE: Duration = Duration::from_mins(1);

/// Lets a warning be logged at most once a minute, and counts how often it was left out.
pub(crate) struct LogThrottle(Mutex<State>);

struct State {
    said_at: Option<Instant>,
    left_out: u64,
}

impl LogThrottle {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(State { said_at: None, left_out: 0 }))
    }

    /// Returns `Some` if the warning may be logged now, with the number of times it was left out since it was last
    /// logged.
    pub(crate) fn should_log(&self) -> Option<u64> {
        self.should_log_at(Instant::now())
    }

    fn should_log_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.said_at.is_some_and(|at| now.duration_since(at) < PAUSE) {
            state.left_out += 1;
            return None;
        }
        state.said_at = Some(now);
        Some(std::mem::take(&mut state.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_logged_once_a_minute_and_the_rest_is_counted() {
        let (seldom, now) = (LogThrottle::new(), Instant::now());
        assert_eq!(seldom.should_log_at(now), Some(0));
        for _ in 0..3 {
            assert_eq!(seldom.should_log_at(now + PAUSE / 2), None);
        }
        let later = now + PAUSE;
        assert_eq!((seldom.should_log_at(later), seldom.should_log_at(later)), (Some(3), None));
    }
}
