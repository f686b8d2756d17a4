//! What the store counts.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::time::Instant;

use super::{Histogram, ShardedCounts};
use crate::{Error, Result};

/// Bounds for the number of transactions that share a commit.
const GROUP_SIZES: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128];

/// The counts of an open database.
pub struct DatabaseCounts {
    /// How long callers waited for a connection for reading.
    pub read_waits: Histogram,
    /// How long callers waited until their transaction for writing had begun.
    pub write_waits: Histogram,
    /// How many transactions shared each commit of SQLite.
    pub group_sizes: Histogram,
    /// Time from the beginning of a commit until its invalidations had been applied in this process.
    pub applied: Histogram,
    /// Number of callers that are waiting now.
    waiting: AtomicU64,
    errors: ShardedCounts<{ ErrorKind::ALL.len() }>,
    is_disk_full: AtomicBool,
}

/// A kind of error of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The database cannot be reached, did not answer in time, or a lock was held for too long.
    Unavailable,
    /// A transaction conflicted with another one, and is repeated.
    Conflict,
    /// The disk of the database is full.
    NoSpace,
    /// The database refused a statement for another reason.
    Other,
}

impl ErrorKind {
    pub const ALL: [Self; 4] = [Self::Unavailable, Self::Conflict, Self::NoSpace, Self::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Conflict => "conflict",
            Self::NoSpace => "no_space",
            Self::Other => "other",
        }
    }

    /// `None` for a name that is taken. That is the fault of the request.
    fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Unavailable(_) => Some(Self::Unavailable),
            Error::Taken(_) => None,
            Error::Retry(_) => Some(Self::Conflict),
            Error::NoSpace(_) => Some(Self::NoSpace),
            _ => Some(Self::Other),
        }
    }
}

impl Default for DatabaseCounts {
    fn default() -> Self {
        Self {
            read_waits: Histogram::of_durations(),
            write_waits: Histogram::of_durations(),
            group_sizes: Histogram::new(GROUP_SIZES),
            applied: Histogram::of_durations(),
            waiting: AtomicU64::new(0),
            errors: ShardedCounts::default(),
            is_disk_full: AtomicBool::new(false),
        }
    }
}

impl DatabaseCounts {
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    pub fn errors(&self, kind: ErrorKind) -> u64 {
        self.errors.total(kind as usize)
    }

    /// Whether a write has failed because the disk is full, and no attempt to write has succeeded since
    /// ([`crate::disk_space`]).
    pub fn is_disk_full(&self) -> bool {
        self.is_disk_full.load(Ordering::Relaxed)
    }

    pub(crate) fn has_room(&self) {
        self.is_disk_full.store(false, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self, error: &Error) {
        if error.is_disk_full() {
            self.is_disk_full.store(true, Ordering::Relaxed);
        }
        if let Some(kind) = ErrorKind::of(error) {
            self.errors.add(kind as usize, 1);
        }
    }

    /// Begins to measure how long a caller waits for a connection. `waits` is where that is recorded.
    pub(crate) fn wait<'a>(&'a self, waits: &'a Histogram) -> Wait<'a> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Wait { counts: self, waits, started: Instant::now() }
    }
}

/// A caller that waits for a connection. It stops waiting when this is dropped, also when its client has gone away.
/// This is not a function around the future of the connection, because that would take up space twice in every future
/// that awaits it.
pub(crate) struct Wait<'a> {
    counts: &'a DatabaseCounts,
    waits: &'a Histogram,
    started: Instant,
}

impl Wait<'_> {
    /// Ends the wait with its outcome, and counts it if it is an error.
    pub(crate) fn end<T>(self, outcome: Result<T>) -> Result<T> {
        outcome.inspect_err(|error| self.counts.failed(error))
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.waits.record_duration(self.started.elapsed());
        self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
