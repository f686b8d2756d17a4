//! Clients that are slow or broken or send too much, against the real binary.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

#[path = "../binary/mod.rs"]
mod binary;

mod bodies;
mod mutation;
mod noise;
mod sign_ins;
mod silent;
mod slow;

/// Makes the tests of this program run one after another, so that each measures an otherwise idle machine.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
