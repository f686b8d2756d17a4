//! A load generator that costs less than the fastest server under test. One thread polls all connections, requests are
//! written as bytes, one at a time on each connection, and responses are parsed only as far as needed to check them.

mod answer;
mod range;
mod volley;

use std::net::SocketAddr;
use std::sync::Arc;

pub use answer::Reply;
pub use volley::{Shots, Volley};

use super::Outcome;
use crate::Result;

/// Sends requests from a thread of its own. The first wrong response ends it with an error.
pub async fn fire(address: SocketAddr, volley: Volley, shots: Arc<dyn Shots>) -> Result<Outcome> {
    if !address.ip().is_loopback() {
        return Err(format!("{address} is not this machine; nothing else is put under load").into());
    }
    tokio::task::spawn_blocking(move || range::shoot(address, volley, &*shots)).await?
}
