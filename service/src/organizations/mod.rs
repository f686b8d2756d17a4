//! The organization: looking at it, changing it; and for the operator, making and removing it.

mod create;
mod get;
mod remove;
mod update;

/// The one sentence for an organization that is missing or was removed.
pub(crate) const NO_ORGANIZATION: &str = "There is no such organization.";
