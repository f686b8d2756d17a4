//! Serves one connection from its first byte to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONNECTION;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::activity::{Activity, Phase};
use super::answering::Answering;
use super::connection_slots::Slot;
use super::handshake::{gave_up, shake_hands};
use super::socket::Socket;
use super::stream::ClientStream;
use super::{Accepted, Connection, Limits};
use crate::fast_path::{AnswerBody, FastPath};
use crate::tls::Handshakes;

/// Maximum size of a request's head, in bytes. The longest address that hyper accepts (65,534 bytes) fits, so that it
/// gets an answer.
const HEAD_BYTES_MAX: usize = 128 * 1024;

/// Answers the requests of a port.
pub(crate) trait Answerer: Send + Sync + 'static {
    fn answer(
        &self,
        peer: SocketAddr,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<AnswerBody>> + Send;
}

impl Answerer for FastPath {
    fn answer(
        &self,
        peer: SocketAddr,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<AnswerBody>> + Send {
        Self::answer(self, peer, request)
    }
}

/// Serves a connection until either side ends it, or the server stops.
pub(crate) async fn serve(
    accepted: Accepted<Activity>,
    port: Arc<impl Answerer>,
    limits: Limits,
    stopping: watch::Receiver<bool>,
) {
    let Accepted { stream, peer, occupied: activity, place } = accepted;
    let stream = ClientStream::new(Socket::new(stream, limits), peer.ip(), Arc::clone(&activity), limits);
    exchange(stream, peer, activity, place, port, stopping).await;
}

/// As [`serve`], after a TLS handshake. The handshake has as much time as the head of a request. While it is made, the
/// connection is idle, so it may lose its slot to another one.
pub(crate) async fn serve_over_tls(
    accepted: Accepted<Activity>,
    handshakes: Handshakes,
    port: Arc<impl Answerer>,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let Accepted { stream, peer, occupied: activity, mut place } = accepted;
    let shaking = timeout(limits.head, shake_hands(Socket::new(stream, limits), &handshakes));
    let stream = tokio::select! {
        biased;
        _another_connection_has_its_slot = &mut place.given_up => return gave_up(&handshakes),
        _changed = stopping.wait_for(|stopping| *stopping) => return,
        shaken = shaking => match shaken {
            Ok(Some(stream)) => stream,
            Ok(None) => return,
            Err(_too_slow) => return gave_up(&handshakes),
        },
    };
    let stream = ClientStream::new(stream, peer.ip(), Arc::clone(&activity), limits);
    exchange(stream, peer, activity, place, port, stopping).await;
}

/// Answers the requests on a stream.
async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    stream: ClientStream<S>,
    peer: SocketAddr,
    activity: Arc<Activity>,
    mut place: Slot,
    port: Arc<impl Answerer>,
    mut stopping: watch::Receiver<bool>,
) {
    let is_stopping = stopping.clone();
    let service = service_fn(|request: Request<Incoming>| {
        activity.request_began();
        let answer = port.answer(peer, request);
        async {
            let answered = answer.await;
            let mut response = answered.map(|body| Answering::new(body, Arc::clone(&activity)));
            if *is_stopping.borrow() {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(response)
        }
    });

    let mut builder = http1::Builder::new();
    // `ClientStream` enforces the time limits.
    builder.header_read_timeout(None).max_buf_size(HEAD_BYTES_MAX);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let is_given_up = tokio::select! {
        biased;
        _ended = connection.as_mut() => return,
        _another_connection_has_its_slot = &mut place.given_up => true,
        _changed = stopping.wait_for(|stopping| *stopping) => false,
    };
    if is_given_up {
        // The connection was idle when it was chosen. A request that has begun since then is still answered.
        if activity.is_busy() {
            connection.as_mut().graceful_shutdown();
            let _ended = connection.await;
        }
        return;
    }

    // A request sent before the stop signal may not have been read yet.
    tokio::select! {
        _ended = connection.as_mut() => return,
        () = sleep(Duration::from_millis(100)) => {}
    }
    match activity.phase() {
        Phase::Silent => return,
        // The rest of the head will arrive, and the answer to it closes the connection.
        Phase::Head => {}
        Phase::Request | Phase::Idle => connection.as_mut().graceful_shutdown(),
    }
    let _ended = connection.await;
}
