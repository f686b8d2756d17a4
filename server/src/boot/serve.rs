//! Runs a server until it is stopped.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::logs;
use super::server::Server;
use crate::fast_path::FastPath;
use crate::grpc::{self, Authorization};
use crate::listener::{ConnectionSlots, Limits, accept, serve_connection, serve_over_tls};
use crate::metrics::{self, Metrics, Source};
use crate::refusals;
use crate::tls::TlsPort;

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
    let mut certificates = None;
    if let Some((listener, port)) = server.tls.take() {
        let places = ConnectionSlots::new(limits.connections_max, trusted);
        ports.push(("tls", places.clone()));
        certificates = Some(Arc::clone(&port.certificates));
        let answerer = Arc::new(server.fast_path.over_tls());
        tasks.push(tokio::spawn(serve_tls_port(listener, port, answerer, places, limits, watched.clone())));
    }
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
            certificates,
            connections_max: limits.connections_max,
            started_at: server.service.now(),
            lost_log_lines: logs::lost_lines,
        };
        tasks.push(tokio::spawn(Metrics::new(source).serve(listener, places, limits, watched.clone())));
    }
    tasks
}

/// Serves the port with TLS until the server stops.
async fn serve_tls_port(
    listener: TcpListener,
    mut port: TlsPort,
    answerer: Arc<FastPath>,
    places: ConnectionSlots,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let (handshakes, renewal, watched) = (port.handshakes(), port.start_renewal(), stopping.clone());
    loop {
        tokio::select! {
            biased;
            _changed = stopping.wait_for(|stopping| *stopping) => break,
            accepted = accept(&listener, &places) => {
                let Some(accepted) = accepted else { continue };
                let (answerer, handshakes) = (Arc::clone(&answerer), handshakes.clone());
                tokio::spawn(serve_over_tls(accepted, handshakes, answerer, limits, watched.clone()));
            }
        }
    }
    drop(listener);
    if let Some(renewal) = renewal {
        renewal.abort();
    }
    places.all_ended().await;
}
