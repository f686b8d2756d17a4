//! What commands print: their result on standard output, and why they failed.

use std::io::{self, Write};

/// Why a command failed: one or more sentences for the person at the terminal.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Standard output is full or closed.
#[derive(Debug, thiserror::Error)]
#[error("The command succeeded, but its result could not be written to standard output")]
struct Unwritten(#[source] io::Error);

pub(super) fn print_line(line: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    Ok(written.map_err(Unwritten)?)
}
