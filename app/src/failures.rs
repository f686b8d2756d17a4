//! The sentences for failures that the service does not describe.

/// The sentence of `Code::BadRequest`.
pub const UNREADABLE: &str = "The request could not be read. Reload the page and try again.";
/// The sentence of `Code::Internal` if there is no request id.
pub const FAILED: &str = "The server failed. Try again.";
/// The sentence of `Code::Unavailable` if the reason is not known.
pub const UNAVAILABLE: &str = "The server is not available. Try again in a moment.";
