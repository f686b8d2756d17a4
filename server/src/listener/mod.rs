//! Accepts connections and lets go of those that hold one without using it.
//!
//! An own accept loop, because `axum::serve` waits for ever on a connection that says nothing.

mod activity;
mod connection;
mod limits;
mod places;
mod refusal;
mod stream;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use self::places::Place;
pub(crate) use self::places::{Occupied, Places};

use crate::{boot::Server, gateway::serve_envoy};

pub use limits::Limits;

/// Serves until `stop` is done, then ends what is under way and returns, within the limit for that.
pub async fn serve(server: Server, stop: impl Future<Output = ()>) {
    let Server { listener, front, envoy, limits, trusted_proxies, .. } = server;
    let front = Arc::new(front);
    let places = Places::new(limits.connections_max, &trusted_proxies);
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

/// A connection, with its place.
pub(crate) struct Accepted<O> {
    pub(crate) stream: TcpStream,
    pub(crate) peer: SocketAddr,
    /// What it is used for.
    pub(crate) occupied: Arc<O>,
    pub(crate) place: Place,
}

/// Waits for the next connection, and for a place for it; those behind it stay in the system's queue meanwhile. Nothing for
/// one that cannot be served.
pub(crate) async fn accept<O: Occupied + Default + 'static>(
    listener: &TcpListener,
    places: &Places,
) -> Option<Accepted<O>> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            let occupied = Arc::<O>::default();
            let place = places.take(peer.ip(), Arc::clone(&occupied) as Arc<dyn Occupied>).await?;
            Some(Accepted { stream, peer, occupied, place })
        }
        Err(error) => {
            tracing::warn!(error = %error, "a connection could not be accepted");
            // Out of descriptors, most likely: they come back with time, and a loop without rest would not help.
            sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
