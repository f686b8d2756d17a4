//! Accepts connections, and closes those that a client holds without using them.
//!
//! The accept loop is our own, because `axum::serve` waits forever on a connection that sends nothing.

mod activity;
mod answering;
mod connection;
mod connection_slots;
mod limits;
mod refusal;
mod stream;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use self::connection_slots::Slot;
pub(crate) use self::connection_slots::{Connection, ConnectionSlots};

use crate::{boot::Server, gateway::serve_envoy};

pub use limits::Limits;

/// Serves until `stop` completes. Then finishes the requests in progress and returns, at the latest after
/// `limits.stop`.
pub async fn serve(server: Server, stop: impl Future<Output = ()>) {
    let Server { listener, front, envoy, limits, trusted_proxies, .. } = server;
    let front = Arc::new(front);
    let places = ConnectionSlots::new(limits.connections_max, &trusted_proxies);
    let (stopping, watched) = watch::channel(false);
    let envoy =
        envoy.map(|(listener, state)| tokio::spawn(serve_envoy(state, listener, limits, watched.clone())));

    tokio::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &places) => {
                let Some(accepted) = accepted else { continue };
                tokio::spawn(connection::serve(accepted, Arc::clone(&front), limits, watched.clone()));
            }
        }
    }

    drop(listener);
    stopping.send_replace(true);
    let ended = async {
        places.all_ended().await;
        if let Some(envoy) = envoy {
            let _ended = envoy.await;
        }
    };
    if timeout(limits.stop, ended).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
}

/// An accepted connection with its slot.
pub(crate) struct Accepted<O> {
    pub(crate) stream: TcpStream,
    pub(crate) peer: SocketAddr,
    /// Tells the slots what the connection is doing.
    pub(crate) occupied: Arc<O>,
    pub(crate) place: Slot,
}

/// Waits for the next connection and for a slot for it. Meanwhile, further connections stay in the system's queue.
/// Returns `None` for a connection that cannot be served.
pub(crate) async fn accept<O: Connection + Default + 'static>(
    listener: &TcpListener,
    places: &ConnectionSlots,
) -> Option<Accepted<O>> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            let occupied = Arc::<O>::default();
            let place = places.take(peer.ip(), Arc::clone(&occupied) as Arc<dyn Connection>).await?;
            Some(Accepted { stream, peer, occupied, place })
        }
        Err(error) => {
            tracing::warn!(error = %error, "a connection could not be accepted");
            // Most likely the process is out of file descriptors. They become free with time, so a pause is better than
            // a busy loop.
            sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
