//! What the store counts about itself, for metrics.
//!
//! Counting must never fail, wait or allocate, because it is part of every request. So the counts are relaxed atomics,
//! spread over several cache lines where many threads count the same thing. Who reads them adds them up. The crates
//! above use the same types.

mod database;
mod histogram;
mod sharded;

pub use database::{DatabaseCounts, ErrorKind};
pub use histogram::{DURATIONS, Histogram, Recorded, nanos};
pub use sharded::ShardedCounts;
