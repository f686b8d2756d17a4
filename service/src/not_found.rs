//! The messages for what does not exist, or may not be seen by the caller.

/// The message for a member who does not exist, belongs to another organization, or may not be seen by the caller.
pub(crate) const NO_USER: &str = "There is no such user.";
/// The message for a key that does not exist, belongs to another organization, has ended, or may not be seen by the
/// caller.
pub(crate) const NO_KEY: &str = "There is no such API key.";
/// The message for an organization that does not exist or was removed.
pub(crate) const NO_ORGANIZATION: &str = "There is no such organization.";
