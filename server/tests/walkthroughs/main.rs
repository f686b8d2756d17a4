//! Follows pages of the documentation as a reader would: every command of a page is read from the page and run as it
//! stands there, on the real binary. Only what differs from machine to machine is replaced, such as folders, addresses
//! and ids.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where this fails"
)]

#[path = "../binary/mod.rs"]
mod binary;

mod backup;
mod get_back_in;
mod get_started;
mod guides;
mod machine;
mod page;
