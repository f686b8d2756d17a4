//! Lines of the log that clients can cause are not written for each of their requests.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Between two lines of the same kind.
const PAUSE: Duration = Duration::from_mins(1);

/// Counts how often something happens, and lets it be said once a minute.
pub(crate) struct Seldom(Mutex<State>);

struct State {
    said_at: Option<Instant>,
    left_out: u64,
}

impl Seldom {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(State { said_at: None, left_out: 0 }))
    }

    /// If it may be said now, how often it happened since the last time and was not said.
    pub(crate) fn may_say(&self) -> Option<u64> {
        self.may_say_at(Instant::now())
    }

    fn may_say_at(&self, now: Instant) -> Option<u64> {
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
    fn it_is_said_once_a_minute_and_the_rest_is_counted() {
        let (seldom, now) = (Seldom::new(), Instant::now());
        assert_eq!(seldom.may_say_at(now), Some(0));
        for _ in 0..3 {
            assert_eq!(seldom.may_say_at(now + PAUSE / 2), None);
        }
        let later = now + PAUSE;
        assert_eq!((seldom.may_say_at(later), seldom.may_say_at(later)), (Some(3), None));
    }
}
