//! Runs a server until it is stopped.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::logs;
use super::server::Server;
use crate::grpc::{self, Authorization};
use crate::listener::{ConnectionSlots, accept, serve_connection};
use crate::metrics::{self, Metrics, Source};
use crate::refusals;

/// Serves until `stop` completes. Then finishes the requests in progress and returns, at the latest after
/// `limits.stop`.
pub async fn serve(mut server: Server, stop: impl Future<Output = ()>) {
    let limits = server.limits;
    let places = ConnectionSlots::new(limits.connections_max, &server.trusted_proxies);
    let (stopping, watched) = watch::channel(false);
    let others = serve_other_ports(&mut server, &places, &watched);
    let Server { listener, fast_path, .. } = server;
    let fast_path = Arc::new(fast_path);

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
        for other in others {
            let _ended = other.await;
        }
    };
    if timeout(limits.stop, ended).await.is_err() {
        tracing::warn!("some connections did not end in time and were closed");
    }
    reports.abort();
    refusals::report_left_out();
}

/// Serves the ports that the settings add to the main one. Each counts its connections separately.
fn serve_other_ports(
    server: &mut Server,
    main: &ConnectionSlots,
    watched: &watch::Receiver<bool>,
) -> Vec<JoinHandle<()>> {
    let (limits, trusted) = (server.limits, &server.trusted_proxies);
    let traffic = server.fast_path.traffic();
    let (mut ports, mut tasks) = (vec![("main", main.clone())], Vec::new());
    if let Some((listener, state)) = server.envoy.take() {
        let places = ConnectionSlots::new(limits.connections_max, trusted);
        ports.push(("envoy_grpc", places.clone()));
        let authorization = Authorization { state, traffic: Arc::clone(traffic) };
        tasks.push(tokio::spawn(grpc::serve(authorization, places, listener, limits, watched.clone())));
    }
    if let Some(listener) = server.metrics.take() {
        let places = ConnectionSlots::new(metrics::CONNECTIONS_MAX, trusted);
        ports.push(("metrics", places.clone()));
        let source = Source {
            service: server.service.clone(),
            traffic: Arc::clone(traffic),
            ports,
            connections_max: limits.connections_max,
            started_at: server.service.now(),
            lost_log_lines: logs::lost_lines,
        };
        tasks.push(tokio::spawn(Metrics::new(source).serve(listener, places, limits, watched.clone())));
    }
    tasks
}
