//! What to send, how often and for how long.

use std::time::Duration;

use super::answer::Reply;

/// A kind of request. Creates the request for each number and checks the response to it.
pub trait Shots: Send + Sync {
    /// Appends the complete request for a number.
    fn write(&self, number: u64, request: &mut Vec<u8>);
    /// Whether a response is correct.
    fn is_right(&self, number: u64, reply: &Reply<'_>) -> bool;
}

/// How many requests to send, and for how long.
#[derive(Clone, Copy)]
pub struct Volley {
    /// Connections, with one request at a time on each.
    pub callers: u64,
    pub time: Duration,
    /// Requests per second, evenly spaced. As many as possible if absent.
    pub rate: Option<f64>,
    /// The number of the first request.
    pub first: u64,
}
