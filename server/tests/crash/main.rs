//! Confirmed changes survive every end of the process. The tests use the real binary, real signals and real files.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where this fails"
)]

#[path = "../binary/mod.rs"]
mod binary;

mod caller;
mod database;
mod ends;
mod held;
mod owner;
mod resolve;
mod synced;
mod trace;
mod verify;
