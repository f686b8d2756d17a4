//! One connection from Envoy, from its first byte to its end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::sync::watch;
use tokio::time::timeout;
use tonic::body::Body;

use super::Authorization;
use crate::listener::{Accepted, Connection, Limits};

/// The most concurrent requests on one connection. Further requests wait.
const REQUESTS_MAX: u32 = 1024;
/// The interval between keep-alive pings, and the time within which the peer has to answer one. Otherwise the
/// connection is closed.
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Serves a connection until either side closes it, it is idle for too long, or the server stops.
///
/// It is shut down as HTTP/2 provides for: the peer is notified first, and the requests that it has sent by then are
/// answered, so that Envoy loses no request.
pub(super) async fn serve(
    accepted: Accepted<PendingRequests>,
    service: Authorization,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let Accepted { stream, peer: _, occupied: verify_requests, mut place } = accepted;
    let _best_effort = stream.set_nodelay(true);
    let mut watched = verify_requests.0.subscribe();
    let asked = Arc::clone(&verify_requests);
    let answer = service_fn(move |request: Request<Incoming>| {
        let (service, in_flight) = (service.clone(), InFlight::begin(Arc::clone(&asked)));
        async move {
            let response = service.answer(request.map(Body::new)).await;
            drop(in_flight);
            Ok::<Response<Body>, Infallible>(response)
        }
    });
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(REQUESTS_MAX)
        .keep_alive_interval(PING_TIMEOUT)
        .keep_alive_timeout(PING_TIMEOUT);
    let connection = builder.serve_connection(TokioIo::new(stream), answer);
    tokio::pin!(connection);
    tokio::select! {
        _ended = connection.as_mut() => return,
        has_asked = rest(&mut watched, limits) => if !has_asked { return },
        // The connection was idle when its slot was given away. Requests that have arrived since then are answered.
        _another_connection_has_its_slot = &mut place.given_up => if !verify_requests.is_busy() { return },
        _changed = stopping.wait_for(|stopping| *stopping) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ended = timeout(limits.write, connection).await;
}

/// Waits until the connection has been idle for too long. Returns whether there was ever a request on it.
async fn rest(watched: &mut watch::Receiver<RequestCounts>, limits: Limits) -> bool {
    if !is_within(limits.head, watched, |asked| asked.total > 0).await {
        return false;
    }
    loop {
        let resting = watched.wait_for(|asked| asked.in_flight == 0).await.map(|asked| asked.total);
        let Ok(total) = resting else { return true };
        if !is_within(limits.idle, watched, |asked| asked.total != total).await {
            return true;
        }
    }
}

async fn is_within(
    limit: Duration,
    watched: &mut watch::Receiver<RequestCounts>,
    so: impl FnMut(&RequestCounts) -> bool,
) -> bool {
    matches!(timeout(limit, watched.wait_for(so)).await, Ok(Ok(_)))
}

/// The numbers of requests on a connection.
#[derive(Default)]
struct RequestCounts {
    total: u32,
    in_flight: u32,
}

/// The requests on a connection, as they are visible to the connection slots.
#[derive(Default)]
pub(super) struct PendingRequests(watch::Sender<RequestCounts>);

impl Connection for PendingRequests {
    fn is_busy(&self) -> bool {
        self.0.borrow().in_flight > 0
    }

    fn requests(&self) -> u32 {
        self.0.borrow().total
    }
}

/// A request that is being answered. Dropping it ends the request, also when the peer cancels it.
struct InFlight(Arc<PendingRequests>);

impl InFlight {
    fn begin(verify_requests: Arc<PendingRequests>) -> Self {
        verify_requests.0.send_modify(|asked| {
            asked.total = asked.total.wrapping_add(1);
            asked.in_flight += 1;
        });
        Self(verify_requests)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.0.send_modify(|asked| asked.in_flight -= 1);
    }
}
