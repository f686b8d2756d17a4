//! A secret appears in the one answer that returns it, and nowhere else: in no file, no log, no other answer and no
//! page.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where this fails"
)]

#[path = "../binary/mod.rs"]
mod binary;

mod browser;
mod forms;
mod leaked_secret;
mod story;
