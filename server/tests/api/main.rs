//! The REST API through the real router: one file per endpoint, and the conventions that the endpoints share.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

#[path = "../support/mod.rs"]
mod support;

mod api_keys;
mod audit;
mod conventions;
mod fast_path;
mod gateways;
mod keys;
mod me;
mod organizations;
mod private;
mod service_accounts;
mod usage;
mod users;
mod verify;
