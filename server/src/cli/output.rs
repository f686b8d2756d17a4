//! What commands print: their result on standard output, and why they failed.

use std::io::{self, Write};

/// Why a command failed: one or more sentences for the person at the terminal.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Returns a failure and all its causes in one line.
pub(super) fn with_causes(failure: &(dyn std::error::Error + 'static)) -> String {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// Standard output is full or closed.
#[derive(Debug, thiserror::Error)]
#[error("The command succeeded, but its result could not be written to standard output")]
struct Unwritten(#[source] io::Error);

pub(super) fn print_line(line: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    Ok(written.map_err(Unwritten)?)
}
