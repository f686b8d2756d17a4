//! What the store counts.

use std::sync::atomic::{AtomicU64, Ordering};

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

    pub(crate) fn failed(&self, error: &Error) {
        if let Some(kind) = ErrorKind::of(error) {
            self.errors.add(kind as usize, 1);
        }
    }

    /// Measures how long a caller waits for a connection.
    pub(crate) async fn waited<T>(
        &self,
        waits: &Histogram,
        connecting: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let _waiting = Waiting::begin(&self.waiting);
        let started = Instant::now();
        let outcome = connecting.await;
        waits.record_duration(started.elapsed());
        outcome.inspect_err(|error| self.failed(error))
    }
}

/// A caller that waits. It stops waiting when this is dropped, also when its client has gone away.
struct Waiting<'a>(&'a AtomicU64);

impl<'a> Waiting<'a> {
    fn begin(waiting: &'a AtomicU64) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
