//! What is reported about a rate limit.

use model::Timestamp;
use model::verify::RateLimitStatus;

/// The state of a key's rate limit after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateState {
    pub limit: u32,
    /// Requests that would still pass now.
    pub remaining: u32,
    /// When all requests counted so far have left the window.
    pub reset_at: Timestamp,
    /// Whole seconds until `reset_at`.
    pub reset_after_seconds: u64,
    /// Whole seconds until another request of this cost would pass, or 0 if it would pass now. `None` if it never
    /// would, because its cost exceeds the limit.
    pub retry_after_seconds: Option<u64>,
}

impl From<RateState> for RateLimitStatus {
    fn from(state: RateState) -> Self {
        let RateState { limit, remaining, reset_at, reset_after_seconds: _, retry_after_seconds } = state;
        Self { limit, remaining, reset_at, retry_after_seconds }
    }
}
