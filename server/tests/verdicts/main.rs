//! Verdicts about a key while it ends, on other nodes, and while the database is unavailable. Clients send verify
//! requests to the real binary all the time.
//!
//! `KEYSTEAD_TEST_VERIFIES` sets the number of verify requests that race with the end of keys. The result of a long run
//! is in docs/internals/testing.md.

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

mod ends;
mod held_back;
mod nodes;
mod outage;
mod race;
mod relay;
mod restored;
mod trial;
mod verifier;
