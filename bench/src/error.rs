//! The error of a run.

/// Any failure ends the run with its message. A benchmark that continued after a failure would measure something else.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
pub type Result<T> = std::result::Result<T, Error>;
