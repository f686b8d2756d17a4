//! A generator that costs less than the fastest server under it: one thread waits for all connections at once, requests are
//! written byte by byte, one at a time on each, answers read no further than they must be to be checked.

mod answer;
mod range;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use answer::Reply;

use super::Outcome;
use crate::Result;

/// A kind of request: the one of each number, and what its answer has to be.
pub trait Shots: Send + Sync {
    /// Writes the whole request of a number.
    fn write(&self, number: u64, request: &mut Vec<u8>);
    /// Whether its answer is right.
    fn is_right(&self, number: u64, reply: &Reply<'_>) -> bool;
}

/// How hard, how long.
#[derive(Clone, Copy)]
pub struct Volley {
    /// Connections, with one request at a time on each.
    pub callers: u64,
    pub time: Duration,
    /// Requests in a second, spread evenly; without it, as many as it takes.
    pub rate: Option<f64>,
    /// Numbers begin here.
    pub first: u64,
}

/// Fires, on a thread of its own; the first wrong answer ends it.
pub async fn fire(address: SocketAddr, volley: Volley, shots: Arc<dyn Shots>) -> Result<Outcome> {
    if !address.ip().is_loopback() {
        return Err(format!("{address} is not this machine; nothing else is put under load").into());
    }
    tokio::task::spawn_blocking(move || range::shoot(address, volley, &*shots)).await?
}
