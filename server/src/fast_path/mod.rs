//! The entry point for all requests. It answers the most frequent requests itself and passes all others to the router.
//!
//! The most frequent requests are those that verify one key and those of proxies. They skip routing and the log line,
//! which would cost more than the answer. A request to verify a key is answered here only if it is valid and the answer
//! is in memory. All others go unchanged to the router, which checks every rule and gives the same responses. A test
//! sends the same requests both ways.

mod body;
mod buffered;
mod verify;

use std::any::Any;
use std::future::{Ready, ready};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::{Router, response};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either};
use http::{Method, Request, Response};
use tower::ServiceExt;
use tracing::Instrument as _;

pub use self::body::AnswerBody;
pub use self::buffered::RequestBody;
#[cfg(any(test, fuzzing))]
pub(crate) use self::verify::read as read_verify_request;
use crate::gateway;
use crate::gateway::PendingCheck;
use crate::middleware::{OverTls, complete, panic_response};
use crate::request_id::RequestId;
use crate::router::router;
use crate::state::AppState;
use crate::traces;
use crate::traffic::{Route, Traffic};

#[derive(Clone)]
pub struct FastPath {
    router: Router,
    state: AppState,
    traffic: Arc<Traffic>,
    /// Whether the requests come over TLS.
    is_over_tls: bool,
}

impl FastPath {
    pub fn new(state: AppState) -> Self {
        let traffic = Arc::default();
        Self { router: router(&state, &traffic), state, traffic, is_over_tls: false }
    }

    /// The same for requests that come over TLS.
    pub(crate) fn over_tls(&self) -> Self {
        Self { is_over_tls: true, ..self.clone() }
    }

    /// What was counted about requests.
    pub(crate) fn traffic(&self) -> &Arc<Traffic> {
        &self.traffic
    }

    /// Records that the server was told to stop.
    pub(crate) fn begin_to_stop(&self) {
        self.state.begin_to_stop();
    }

    /// Answers a request from `peer`. The future is kept small, and its large states are boxed. It is moved several
    /// times before it is first polled, and moving a large future could cost as much as an answer from memory.
    pub fn answer<B: RequestBody>(
        &self,
        peer: SocketAddr,
        request: Request<B>,
    ) -> impl Future<Output = Response<AnswerBody>> {
        match traces::begin(request.method(), request.headers()) {
            None => self.answer_untraced(peer, request),
            Some(span) => {
                let answer = span.in_scope(|| self.answer_untraced(peer, request));
                Either::Left(pending(answer.instrument(span)))
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the real duration is measured")]
    fn answer_untraced<B: RequestBody>(
        &self,
        peer: SocketAddr,
        request: Request<B>,
    ) -> Either<Answer<'_>, impl Future<Output = Response<AnswerBody>>> {
        let started = Instant::now();
        let now = AssertUnwindSafe(|| gateway::answer_now(&self.state, peer.ip(), &request));
        match catch_unwind(now) {
            Ok(None) if verify::is_verify(&request) => Either::Right(self.verify(peer, request, started)),
            Ok(None) => Either::Left(pending(self.route(peer, request.map(Body::new)))),
            Ok(Some(Ok(response))) => {
                let response = response.map(AnswerBody::Whole);
                Either::Left(ready_answer(self.measured(Route::GATEWAY, request.method(), started, response)))
            }
            Ok(Some(Err(waiting))) => {
                Either::Left(pending(self.answer_proxy(peer, request, waiting, started)))
            }
            Err(panic) => {
                let response = in_place_of_a_panic(panic);
                Either::Left(ready_answer(self.measured(Route::GATEWAY, request.method(), started, response)))
            }
        }
    }

    /// Answers a request through the router, even if the fast path could answer it.
    pub async fn answer_by_router(&self, peer: SocketAddr, mut request: Request<Body>) -> response::Response {
        request.extensions_mut().insert(ConnectInfo(peer));
        if self.is_over_tls {
            request.extensions_mut().insert(OverTls);
        }
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }

    async fn route(&self, peer: SocketAddr, request: Request<Body>) -> Response<AnswerBody> {
        self.answer_by_router(peer, request).await.map(AnswerBody::Routed)
    }

    fn verify<B: RequestBody>(
        &self,
        peer: SocketAddr,
        request: Request<B>,
        started: Instant,
    ) -> impl Future<Output = Response<AnswerBody>> {
        let verified =
            move |response| ready_answer(self.measured(Route::VERIFY, &Method::POST, started, response));
        AssertUnwindSafe(verify::verify_now(&self.state, peer.ip(), request)).catch_unwind().then(
            move |outcome| match outcome {
                Ok(Ok(response)) => verified(response.map(AnswerBody::Whole)),
                Ok(Err(request)) => pending(self.route(peer, *request)),
                Err(panic) => verified(in_place_of_a_panic(panic)),
            },
        )
    }

    async fn answer_proxy<B: RequestBody>(
        &self,
        peer: SocketAddr,
        request: Request<B>,
        waiting: PendingCheck,
        started: Instant,
    ) -> Response<AnswerBody> {
        let method = request.method().clone();
        let answer = gateway::answer(&self.state, peer.ip(), request.map(drop), waiting);
        let response = match AssertUnwindSafe(answer).catch_unwind().await {
            Ok(response) => response.map(AnswerBody::Whole),
            Err(panic) => in_place_of_a_panic(panic),
        };
        self.measured(Route::GATEWAY, &method, started, response)
    }

    /// Counts a response of the fast path, and returns it.
    fn measured(
        &self,
        route: Route,
        method: &Method,
        started: Instant,
        response: Response<AnswerBody>,
    ) -> Response<AnswerBody> {
        self.traffic.record(route, method, response.status(), started.elapsed());
        traces::answered(method, self.traffic.name(route), response.status());
        response
    }
}

/// A response that is ready, or a future that returns it later.
type Answer<'a> = Either<Ready<Response<AnswerBody>>, BoxFuture<'a, Response<AnswerBody>>>;

fn ready_answer<'a>(response: Response<AnswerBody>) -> Answer<'a> {
    Either::Left(ready(response))
}

fn pending<'a>(answer: impl Future<Output = Response<AnswerBody>> + Send + 'a) -> Answer<'a> {
    Either::Right(answer.boxed())
}

/// The response to a request whose handling panicked on the fast path. The middleware does not see such a request, so
/// this function adds the headers and logs the panic.
fn in_place_of_a_panic(panic: Box<dyn Any + Send>) -> Response<AnswerBody> {
    let id = RequestId::make();
    tracing::error!(request.id = id.as_str(), "the fast path panicked");
    let mut response = panic_response(panic);
    complete(response.headers_mut(), &id);
    response.map(AnswerBody::Routed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_response_after_a_panic_has_a_request_id_and_is_not_cached() {
        let answer = in_place_of_a_panic(Box::new("a fault"));
        assert_eq!(answer.status(), 500);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(header("x-request-id").starts_with("req_"));
        assert_eq!(
            (header("cache-control"), header("x-content-type-options")),
            ("no-store".into(), "nosniff".into())
        );
    }
}
