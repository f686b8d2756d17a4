//! Runs a server until it is stopped.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::timeout;

use super::server::Server;
use crate::grpc;
use crate::listener::{ConnectionSlots, accept, serve_connection};
use crate::refusals;

/// Serves until `stop` completes. Then finishes the requests in progress and returns, at the latest after
/// `limits.stop`.
pub async fn serve(server: Server, stop: impl Future<Output = ()>) {
    let Server { listener, fast_path, envoy, limits, trusted_proxies, .. } = server;
    let fast_path = Arc::new(fast_path);
    let places = ConnectionSlots::new(limits.connections_max, &trusted_proxies);
    let (stopping, watched) = watch::channel(false);
    let envoy =
        envoy.map(|(listener, state)| tokio::spawn(grpc::serve(state, listener, limits, watched.clone())));

    let reports = tokio::spawn(refusals::report_every_second());

    tokio::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &places) => {
                let Some(accepted) = accepted else { continue };
                tokio::spawn(serve_connection(accepted, Arc::clone(&fast_path), limits, watched.clone()));
            }
        }
    }

    fast_path.begin_to_stop();
    drop(listener);
    stopping.send_replace(true);
    let ended = async {
        places.all_ended().await;
        if let Some(envoy) = envoy {
            let _ended = envoy.await;
        }
    };
    if timeout(limits.stop, ended).await.is_err() {
        tracing::warn!("some connections did not end in time and were closed");
    }
    reports.abort();
    refusals::report_left_out();
}
