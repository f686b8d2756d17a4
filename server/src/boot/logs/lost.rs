//! How many log lines were lost.

use std::sync::atomic::{AtomicU64, Ordering};

static LOST: AtomicU64 = AtomicU64::new(0);

/// How many log lines were lost since the start.
pub fn lost_lines() -> u64 {
    LOST.load(Ordering::Relaxed)
}

/// Records that lines were lost.
pub(super) fn count_lost(lines: u64) {
    LOST.fetch_add(lines, Ordering::Relaxed);
}
