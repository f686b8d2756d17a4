//! Organizations: callers read and change their own, and the operator creates and removes them.

mod create;
mod get;
mod remove;
mod update;

/// The message for an organization that does not exist or was removed.
pub(crate) const NO_ORGANIZATION: &str = "There is no such organization.";
