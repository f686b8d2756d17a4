//! What a running service counts and measures about itself, for metrics.
//!
//! - Counts are increased where things happen. That must never fail, wait or allocate (see [`store::counts`]).
//! - Readings are taken when somebody asks (`readings`).

mod all;
mod backups;
mod queues;
mod readings;
mod sign_ins;
mod verifications;

pub use self::all::Counts;
pub use self::backups::BackupCounts;
pub(crate) use self::queues::Queue;
pub use self::readings::{KeyCacheReading, QueueReading, Readings};
pub use self::sign_ins::{SignInCounts, SignInResult};
pub use self::verifications::{Surface, Unverified, VerificationCounts};
