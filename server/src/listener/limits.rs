//! How many connections, and how long they may take.

use std::time::Duration;

use crate::config::HttpSettings;

/// Limits on connections.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most connections open at once.
    pub connections_max: u32,
    /// From the first byte of a request, or from the beginning of a connection, to the end of its head.
    pub head: Duration,
    /// Between requests; some connections are let rest for up to twice as long. Longer than what proxies wait (60 seconds
    /// is usual), so that they close and not we: a request sent into a connection just closed is lost.
    pub idle: Duration,
    /// For a client that does not take its answer.
    pub write: Duration,
    /// For reading on after the last answer, so that a refused client sees why.
    pub linger: Duration,
    /// From the signal to stop until everything ends. Supervisors commonly kill after 10 seconds.
    pub stop: Duration,
}

impl Limits {
    /// The limits that the settings ask for.
    pub fn new(settings: &HttpSettings) -> Self {
        Self {
            connections_max: settings.connections_max,
            head: settings.header_timeout,
            idle: Duration::from_secs(75),
            write: settings.request_timeout,
            linger: Duration::from_secs(1),
            stop: Duration::from_secs(9),
        }
    }
}
