//! The console through the real router: every server function and live request for every kind of person, and the pages
//! before any script runs.

#[path = "../support/mod.rs"]
mod support;

mod access;
mod forgery;
mod gateways;
mod leaked_secret;
mod live;
mod metadata;
mod nodes;
mod pages;
mod sentences;
mod service_accounts;
mod session;
mod stale;
mod table;
mod unauthenticated;
mod users;
