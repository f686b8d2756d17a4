//! Measures Keystead and prints a table of ratios.
//!
//! Nothing here is a test: a shared machine is never quiet enough to fail somebody by the clock. Each figure is taken in
//! alternation with its opponent's, so that a disturbance meets both, and stands beside it in the table.

#![expect(clippy::cast_precision_loss, reason = "counts and nanoseconds of a benchmark fit a double")]
#![expect(clippy::disallowed_methods, reason = "measuring needs the machine's own clock")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a table on one, progress on the other")]

mod baseline;
mod cli;
mod console;
mod creates;
mod instance;
mod lists;
mod load;
mod machine;
mod process;
mod raw;
mod rivals;
mod seed;
mod setting;
mod start;
mod stats;
mod table;
mod verify;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Any failure ends the run with its sentence: a benchmark that goes on after one measures something else.
type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T> = std::result::Result<T, Error>;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
