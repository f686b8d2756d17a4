//! The REST API through the real router: one file an endpoint, and the conventions they share.

#[path = "../support/mod.rs"]
mod support;

mod conventions;
mod keys;
mod organizations;
mod users;
