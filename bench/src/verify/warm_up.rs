//! Waits until a server answers from its key cache.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::shots::{Home, Verify};
use crate::Result;
use crate::load::{Shots, Volley, fire};

/// Sends verify requests for five seconds, after which the server answers from the key cache. While the cache is being
/// filled, responses take ten times as long. The requests use many keys, so that no rate limit is reached.
pub async fn loaded(address: SocketAddr, home: &Arc<Home>) -> Result<()> {
    ask(address, home, 5000).await
}

/// Sends verify requests for some time, one after the other.
pub async fn ask(address: SocketAddr, home: &Arc<Home>, milliseconds: u64) -> Result<()> {
    let volley = Volley { callers: 1, time: Duration::from_millis(milliseconds), rate: None, first: 7 };
    let shots: Arc<dyn Shots> = Arc::new(Verify { home: home.clone(), cost: 1 });
    fire(address, volley, shots).await.map(drop)
}
