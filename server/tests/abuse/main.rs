//! Clients that are slow, large or broken, against the real binary.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

#[path = "../binary/mod.rs"]
mod binary;

mod bodies;
mod mutation;
mod noise;
mod sign_ins;
mod silent;
mod slow;

/// Who is measured has the machine for itself: the tests of this program go one after another.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
