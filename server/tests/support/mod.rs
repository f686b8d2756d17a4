//! Shared by the tests of the interfaces: a server on a private database, clients by actor, and helpers to check
//! answers.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where this fails"
)]
#![allow(dead_code, unused_imports, reason = "each test binary uses a part of this")]

mod actors;
mod client;
mod described;
mod reply;
mod schema;
mod server;

pub use actors::{ADMIN, ALL_WORDS, Actor, MEMBER, VIEWER};
pub use client::{Client, encode, key_at, keys_of, user_at};
pub use reply::Reply;
pub use schema::{mismatch, resolve};
pub use server::{OPERATOR_TOKEN, State, TestServer};
