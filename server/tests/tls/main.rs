//! The port with TLS, with certificates from files and from an authority, as clients and operators see it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests outside of test functions: what they cannot do fails the test"
)]

mod acme;
mod authority;
#[path = "../binary/mod.rs"]
mod binary;
mod client;
mod files;
mod hostile;
mod listeners;
mod node;
mod pebble;
mod redirect;
mod reload;
