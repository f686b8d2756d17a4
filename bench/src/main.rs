//! Measures Keystead and prints a table of ratios.
//!
//! The benchmarks are not tests, because times vary too much on a shared machine for a test to depend on them. Each
//! figure is measured in alternation with that of its opponent, so that a disturbance affects both.

#![expect(clippy::cast_precision_loss, reason = "counts and nanoseconds of a benchmark fit a double")]
#![expect(clippy::disallowed_methods, reason = "measuring needs the machine's own clock")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a table on one, progress on the other")]

mod baseline;
mod cache;
mod cli;
mod console;
mod creates;
mod error;
mod instance;
mod lists;
mod load;
mod machine;
mod process;
mod raw;
mod rivals;
mod secrets;
mod seed;
mod setting;
mod start;
mod stats;
mod table;
mod verify;

use std::process::ExitCode;

use error::{Error, Result};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
