//! What transactions report to the rest of the process.

use std::sync::{Arc, OnceLock};

/// Something that verdicts depend on and that has changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Invalidation {
    /// The secret with this hash was created, changed, replaced or revoked.
    Secret([u8; 32]),
    /// The user or service account with this id has changed. Concerns all its keys.
    Owner(String),
    /// The organization with this id has changed. Concerns all its keys.
    Organization(String),
    /// Anything may have changed. Replaces a list of changes that would be too long.
    Everything,
    /// The gateway with this id was created, changed or removed.
    Gateway(String),
}

/// Receives the invalidations of each commit.
pub(super) type Listener = Arc<OnceLock<Box<dyn Fn(&[Invalidation]) + Send + Sync>>>;
