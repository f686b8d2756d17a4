//! The port itself: answers `GET /metrics`.

use std::future::{Future, ready};
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use hyper::body::Incoming;
use model::problem::Code;
use service::FAILED;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{Source, text};
use crate::api::http::problem::refuse;
use crate::fast_path::AnswerBody;
use crate::listener::{Answerer, ConnectionSlots, Limits, accept, serve_connection};
use crate::middleware::complete;
use crate::request_id::RequestId;

/// Maximum number of connections. Few programs read metrics, and each reading costs as much as many requests.
pub(crate) const CONNECTIONS_MAX: u32 = 32;

/// The port for Prometheus.
pub(crate) struct Metrics(Source);

impl Metrics {
    pub(crate) fn new(source: Source) -> Self {
        Self(source)
    }

    /// Serves until the server stops. The time limits are the same as on the main port.
    pub(crate) async fn serve(
        self,
        listener: TcpListener,
        places: ConnectionSlots,
        limits: Limits,
        mut stopping: watch::Receiver<bool>,
    ) {
        let (answerer, watched) = (Arc::new(self), stopping.clone());
        loop {
            tokio::select! {
                biased;
                _changed = stopping.wait_for(|stopping| *stopping) => break,
                accepted = accept(&listener, &places) => {
                    let Some(accepted) = accepted else { continue };
                    tokio::spawn(serve_connection(accepted, Arc::clone(&answerer), limits, watched.clone()));
                }
            }
        }
        drop(listener);
        places.all_ended().await;
    }

    fn page(&self, method: &Method, path: &str) -> Response {
        if path != "/metrics" {
            return refuse(Code::NotFound, "There is nothing at this address. The metrics are at /metrics.");
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            let mut response = refuse(Code::MethodNotAllowed, "The metrics can only be read, with GET.");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let Ok(text) = text::write(self.0.clone()) else { return refuse(Code::Internal, FAILED) };
        let mut response = Response::new(Body::from(text));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(text::CONTENT_TYPE));
        response
    }
}

impl Answerer for Metrics {
    fn answer(
        &self,
        _peer: SocketAddr,
        request: Request<Incoming>,
    ) -> impl Future<Output = http::Response<AnswerBody>> + Send {
        let mut response = self.page(request.method(), request.uri().path());
        complete(response.headers_mut(), &RequestId::make());
        ready(response.map(AnswerBody::Routed))
    }
}
