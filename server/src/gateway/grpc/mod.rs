//! Envoy's `ext_authz` over gRPC: `envoy.service.auth.v3.Authorization/Check`, on a port of its own.
//!
//! The gateway is named in the metadata of the call, under `x-keystead-gateway`. Whatever cannot be answered is a failure of
//! the call, which Envoy lets nobody pass on unless it was told to.

mod check;
mod messages;

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Status};
use tonic_prost::ProstCodec;

use self::check::check;
use self::messages::{CheckRequest, CheckResponse};
use crate::state::AppState;

/// Where a call names the gateway.
const GATEWAY: &str = "x-keystead-gateway";
/// The longest question: Envoy lets heads of requests pass of up to 96 KiB.
const QUESTION_BYTES_MAX: usize = 256 * 1024;
/// Questions of one connection at a time; further ones wait.
const QUESTIONS_MAX: u32 = 1024;
/// A connection whose other end does not answer within so much is let go.
const ALIVE_WITHIN: Duration = Duration::from_secs(20);

/// Answers Envoy until `stop` is done.
pub(crate) async fn serve(state: AppState, listener: TcpListener, stop: impl Future<Output = ()>) {
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let server = Server::builder()
        .timeout(state.request_timeout())
        .max_concurrent_streams(Some(QUESTIONS_MAX))
        .http2_keepalive_interval(Some(ALIVE_WITHIN))
        .http2_keepalive_timeout(Some(ALIVE_WITHIN))
        .add_service(Authorization(state));
    if let Err(error) = server.serve_with_incoming_shutdown(incoming, stop).await {
        tracing::error!(error = &error as &(dyn std::error::Error + 'static), "gRPC ended badly");
    }
}

/// The service, as calls find it.
#[derive(Clone)]
struct Authorization(AppState);

impl NamedService for Authorization {
    const NAME: &'static str = "envoy.service.auth.v3.Authorization";
}

type Answered<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl tower::Service<Request<Body>> for Authorization {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answered<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move {
            if !request.uri().path().ends_with("/Check") {
                return Ok(Status::new(Code::Unimplemented, "There is no such method.").into_http());
            }
            let codec = ProstCodec::<CheckResponse, CheckRequest>::default();
            let mut grpc = Grpc::new(codec).max_decoding_message_size(QUESTION_BYTES_MAX);
            Ok(grpc.unary(service, request).await)
        })
    }
}

impl UnaryService<CheckRequest> for Authorization {
    type Response = CheckResponse;
    type Future = Answered<Result<tonic::Response<CheckResponse>, Status>>;

    fn call(&mut self, request: tonic::Request<CheckRequest>) -> Self::Future {
        let state = self.0.clone();
        Box::pin(async move {
            let mut gateways = request.metadata().get_all(GATEWAY).iter();
            let (Some(gateway), None) = (gateways.next(), gateways.next()) else {
                return Err(Status::invalid_argument("Name the gateway in the metadata x-keystead-gateway."));
            };
            let gateway = gateway.to_str().unwrap_or_default().to_owned();
            check(&state, &gateway, request.into_inner()).await.map(tonic::Response::new)
        })
    }
}
