//! Limits on the number of connections and on the time that each may take.

use std::time::Duration;

use crate::config::HttpSettings;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Maximum number of open connections on a port.
    pub connections_max: u32,
    /// Time for a request's head, from its first byte or from the start of the connection.
    pub head: Duration,
    /// Time between requests. A connection may stay idle for up to twice as long. The limit is longer than the idle
    /// timeout of proxies (usually 60 seconds), so that they close first: a request sent into a connection that the
    /// server has just closed is lost.
    pub idle: Duration,
    /// Time for the client to accept more of an answer: the rest, or at least 16 KiB.
    pub write: Duration,
    /// Time in which the server still reads after the last answer, so that a client whose request was refused sees why.
    pub linger: Duration,
    /// Time from the stop signal until all connections end. Supervisors commonly kill a process after 10 seconds.
    pub stop: Duration,
}

impl Limits {
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
