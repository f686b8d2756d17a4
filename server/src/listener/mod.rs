//! Accepts connections and lets go of those that hold one without using it.
//!
//! An own accept loop, because `axum::serve` waits for ever on a connection that says nothing.

mod activity;
mod connection;
mod limits;
mod refusal;
mod stream;

use std::{sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};

use crate::{boot::Server, gateway::serve_envoy};

pub use limits::Limits;

/// Serves until `stop` is done, then ends what is under way and returns, within the limit for that.
pub async fn serve(server: Server, stop: impl Future<Output = ()>) {
    let Server { listener, front, envoy, limits, .. } = server;
    let front = Arc::new(front);
    let places = Arc::new(Semaphore::new(limits.connections_max as usize));
    let (stopping, watched) = watch::channel(false);
    let envoy =
        envoy.map(|(listener, state)| tokio::spawn(serve_envoy(state, listener, limits, watched.clone())));

    tokio::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &places) => {
                let Some((stream, permit)) = accepted else { continue };
                let task = connection::serve(stream, Arc::clone(&front), limits, watched.clone());
                tokio::spawn(async move {
                    task.await;
                    drop(permit);
                });
            }
        }
    }

    drop(listener);
    stopping.send_replace(true);
    // All places free again: every connection has ended.
    let ended = async {
        let _places = places.acquire_many(limits.connections_max).await;
        if let Some(envoy) = envoy {
            let _ended = envoy.await;
        }
    };
    if timeout(limits.stop, ended).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
}

/// Waits for a place first: connections beyond the limit stay in the system's queue.
pub(crate) async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(error) => {
            tracing::warn!(error = %error, "a connection could not be accepted");
            // Out of descriptors, most likely: they come back with time, and a loop without rest would not help.
            sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
