//! A load generator that costs less than the fastest server under test. One thread polls all connections, requests are
//! written as bytes, one at a time on each connection, and responses are parsed only as far as needed to check them.

mod answer;
mod range;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use answer::Reply;

use super::Outcome;
use crate::Result;

/// A kind of request. Creates the request for each number and checks the response to it.
pub trait Shots: Send + Sync {
    /// Appends the complete request for a number.
    fn write(&self, number: u64, request: &mut Vec<u8>);
    /// Whether a response is correct.
    fn is_right(&self, number: u64, reply: &Reply<'_>) -> bool;
}

/// How many requests to send, and for how long.
#[derive(Clone, Copy)]
pub struct Volley {
    /// Connections, with one request at a time on each.
    pub callers: u64,
    pub time: Duration,
    /// Requests per second, evenly spaced. As many as possible if absent.
    pub rate: Option<f64>,
    /// The number of the first request.
    pub first: u64,
}

/// Sends requests from a thread of its own. The first wrong response ends it with an error.
pub async fn fire(address: SocketAddr, volley: Volley, shots: Arc<dyn Shots>) -> Result<Outcome> {
    if !address.ip().is_loopback() {
        return Err(format!("{address} is not this machine; nothing else is put under load").into());
    }
    tokio::task::spawn_blocking(move || range::shoot(address, volley, &*shots)).await?
}
