//! The console through the real router: every server function for every kind of person, and the pages before any script
//! runs.

#[path = "../support/mod.rs"]
mod support;

mod access;
mod forgery;
mod gateways;
mod misplaced;
mod pages;
mod people;
mod sentences;
mod service_accounts;
mod session;
mod stale;
mod strangers;
mod table;
