//! Bodies of requests: strict JSON, read member by member into drafts.

mod members;
mod read;
mod scopes;
mod tree;

pub(super) use members::Members;
pub(super) use read::{missing, read};
