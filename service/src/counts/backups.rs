//! The backups that a server makes by itself.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};

use model::Timestamp;

/// How scheduled backups went.
#[derive(Default)]
pub struct BackupCounts {
    every_seconds: AtomicU32,
    /// In Unix seconds. 0 if there is none.
    newest: AtomicI64,
    made: AtomicU64,
    failed: AtomicU64,
}

impl BackupCounts {
    /// The time between two backups. 0 if the server makes none.
    pub fn every_seconds(&self) -> u32 {
        self.every_seconds.load(Ordering::Relaxed)
    }

    /// When the newest backup in the folder was begun, also by another server, in Unix seconds. 0 if there is none.
    pub fn newest(&self) -> i64 {
        self.newest.load(Ordering::Relaxed)
    }

    /// Backups that this server made.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// Attempts of this server that failed. They are repeated every minute.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    pub(crate) fn set_every(&self, seconds: u32) {
        self.every_seconds.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn set_newest(&self, at: Timestamp) {
        self.newest.store(at.seconds(), Ordering::Relaxed);
    }

    pub(crate) fn count_made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }
}
