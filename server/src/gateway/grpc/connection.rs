//! One connection of an Envoy, from its first byte to its end.

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
use crate::listener::{Accepted, Limits, Occupied};

/// Questions of one connection at a time; further ones wait.
const QUESTIONS_MAX: u32 = 1024;
/// A connection whose other end does not answer within so much is let go.
const ALIVE_WITHIN: Duration = Duration::from_secs(20);

/// Serves a connection until either side ends it, nothing is asked on it for too long, or the server stops.
///
/// It is ended as HTTP/2 does it: first the other end is told, and what it has asked by then is answered. An Envoy that is
/// let go loses no question.
pub(super) async fn serve(
    accepted: Accepted<Questions>,
    service: Authorization,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let Accepted { stream, peer: _, occupied: questions, mut place } = accepted;
    let _best_effort = stream.set_nodelay(true);
    let mut watched = questions.0.subscribe();
    let asked = Arc::clone(&questions);
    let answer = service_fn(move |request: Request<Incoming>| {
        let (service, under_way) = (service.clone(), UnderWay::begin(Arc::clone(&asked)));
        async move {
            let response = service.answer(request.map(Body::new)).await;
            drop(under_way);
            Ok::<Response<Body>, Infallible>(response)
        }
    });
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(QUESTIONS_MAX)
        .keep_alive_interval(ALIVE_WITHIN)
        .keep_alive_timeout(ALIVE_WITHIN);
    let connection = builder.serve_connection(TokioIo::new(stream), answer);
    tokio::pin!(connection);
    tokio::select! {
        _ended = connection.as_mut() => return,
        has_asked = rest(&mut watched, limits) => if !has_asked { return },
        // It was at rest when it was looked at. What was asked since is answered.
        _somebody_else_has_its_place = &mut place.given_up => if !questions.is_busy() { return },
        _changed = stopping.wait_for(|stopping| *stopping) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ended = timeout(limits.write, connection).await;
}

/// Waits until a connection is of no more use. Says whether anything was ever asked on it.
async fn rest(watched: &mut watch::Receiver<Asked>, limits: Limits) -> bool {
    if !is_within(limits.head, watched, |asked| asked.total > 0).await {
        return false;
    }
    loop {
        let resting = watched.wait_for(|asked| asked.under_way == 0).await.map(|asked| asked.total);
        let Ok(total) = resting else { return true };
        if !is_within(limits.idle, watched, |asked| asked.total != total).await {
            return true;
        }
    }
}

async fn is_within(
    limit: Duration,
    watched: &mut watch::Receiver<Asked>,
    so: impl FnMut(&Asked) -> bool,
) -> bool {
    matches!(timeout(limit, watched.wait_for(so)).await, Ok(Ok(_)))
}

/// What is asked on a connection.
#[derive(Default)]
struct Asked {
    total: u32,
    under_way: u32,
}

/// What is asked on a connection, for those who look at it.
#[derive(Default)]
pub(super) struct Questions(watch::Sender<Asked>);

impl Occupied for Questions {
    fn is_busy(&self) -> bool {
        self.0.borrow().under_way > 0
    }

    fn requests(&self) -> u32 {
        self.0.borrow().total
    }
}

/// A question until it is answered, or given up by who asked.
struct UnderWay(Arc<Questions>);

impl UnderWay {
    fn begin(questions: Arc<Questions>) -> Self {
        questions.0.send_modify(|asked| {
            asked.total = asked.total.wrapping_add(1);
            asked.under_way += 1;
        });
        Self(questions)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.send_modify(|asked| asked.under_way -= 1);
    }
}
