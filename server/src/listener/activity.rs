//! Tracks what a connection is doing. The connection's stream, its requests and its shutdown share this state.

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use super::Connection;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Open, but no byte has arrived yet.
    Silent,
    /// A part of a request's head has arrived.
    Head,
    /// A request is being answered. This ends when the last part of the response has been written.
    Request,
    /// Between requests.
    Idle,
}

/// The phase and the number of requests of a connection. Relaxed ordering is enough: everything about one connection
/// happens in one task, and an observer in another task may see a slightly outdated value.
#[derive(Default)]
pub(crate) struct Activity {
    phase: AtomicU8,
    requests: AtomicU32,
}

impl Connection for Activity {
    fn is_busy(&self) -> bool {
        self.phase() == Phase::Request
    }

    fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Activity {
    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Silent,
            1 => Phase::Head,
            2 => Phase::Request,
            _ => Phase::Idle,
        }
    }

    pub(super) fn bytes_received(&self) {
        if matches!(self.phase(), Phase::Silent | Phase::Idle) {
            self.phase.store(1, Ordering::Relaxed);
        }
    }

    pub(super) fn request_began(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.phase.store(2, Ordering::Relaxed);
    }

    pub(super) fn request_ended(&self) {
        self.phase.store(3, Ordering::Relaxed);
    }
}
