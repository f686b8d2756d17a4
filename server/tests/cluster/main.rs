//! Several nodes of the real binary on a real PostgreSQL with a replica, behind a real HAProxy. Clients verify keys all
//! the time while keys are revoked, nodes and databases fail, and the schema is upgraded.
//!
//! A node that has no verdict may say so, or not answer at all. Two things must never happen: a revoked key is accepted
//! in answer to a request that was sent more than a second after the revocation was acknowledged, and a living key is
//! called invalid.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test ends where this fails, prints what it has measured, and waits for other programs"
)]

#[path = "../binary/mod.rs"]
mod binary;
#[path = "../proxies/proxy.rs"]
#[expect(dead_code, reason = "the test of proxies uses more of it")]
mod proxy;

mod balancer;
mod clients;
mod deployment;
mod failover;
mod faults;
mod keys;
mod network;
mod node;
mod others;
mod page;
mod record;
mod released;
mod rolling;
