//! The REST API through the real router: one file an endpoint, and the conventions they share.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

#[path = "../support/mod.rs"]
mod support;

mod api_keys;
mod audit;
mod by_hand;
mod conventions;
mod gateways;
mod keys;
mod me;
mod organizations;
mod private;
mod service_accounts;
mod usage;
mod users;
mod verify;
