//! What is said of a key while it ends, elsewhere, and while nobody can know: the real binary, asked all the time.
//!
//! `KEYSTEAD_TEST_VERIFIES` says how many questions race with what ends keys; docs/reliability.md has the outcome of a long
//! run.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where this fails"
)]

#[path = "../binary/mod.rs"]
mod binary;
#[path = "../grpc/mod.rs"]
mod grpc;

mod asker;
mod ends;
mod held_back;
mod nodes;
mod outage;
mod race;
mod relay;
mod restored;
mod trial;
