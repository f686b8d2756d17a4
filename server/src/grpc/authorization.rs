//! The service that Envoy calls, with its only method.

use std::pin::Pin;
use std::sync::Arc;

use http::{Method, Request, Response};
use tokio::time::timeout;
use tonic::body::Body;
use tonic::server::{Grpc, UnaryService};
use tonic::{Code, Status};
use tonic_prost::ProstCodec;
use tracing::{Instrument as _, Span};

use super::check::check;
use super::messages::{CHECK, CheckRequest, CheckResponse};
use crate::refusals::{self, OF_GATEWAYS, RefusedRequest};
use crate::request_id::RequestId;
use crate::state::AppState;
use crate::traces;
use crate::traffic::Traffic;

/// The metadata in which a call names its gateway.
const GATEWAY: &str = "x-keystead-gateway";
/// The longest message. By default, Envoy accepts request headers of up to 60 KiB.
const REQUEST_BYTES_MAX: usize = 256 * 1024;

#[derive(Clone)]
pub(crate) struct Authorization {
    pub(crate) state: AppState,
    pub(crate) traffic: Arc<Traffic>,
}

impl Authorization {
    pub(super) async fn answer(self, request: Request<Body>) -> Response<Body> {
        if request.uri().path() != CHECK {
            log_refusal("no_method");
            return Status::new(Code::Unimplemented, "There is no such method.").into_http();
        }
        let limit = self.state.request_timeout();
        let codec = ProstCodec::<CheckResponse, CheckRequest>::default();
        let mut grpc = Grpc::new(codec).max_decoding_message_size(REQUEST_BYTES_MAX);
        // A message that is sent slowly has as much time as a request body.
        timeout(limit, grpc.unary(self, request)).await.unwrap_or_else(|_| {
            log_refusal("too_slow");
            Status::new(Code::Unavailable, "The request took too long.").into_http()
        })
    }
}

/// Logs a call that fails before the request of a client is known. It has no id that anybody could quote, but the
/// operator sees that Envoy is misconfigured.
fn log_refusal(reason: &'static str) {
    if let Some(turn) = refusals::turn(&OF_GATEWAYS, reason) {
        turn.write(&RefusedRequest::new(CHECK, reason, RequestId::make().as_str()));
    }
}

type Answered<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl UnaryService<CheckRequest> for Authorization {
    type Response = CheckResponse;
    type Future = Answered<Result<tonic::Response<CheckResponse>, Status>>;

    fn call(&mut self, request: tonic::Request<CheckRequest>) -> Self::Future {
        let Self { state, traffic } = self.clone();
        Box::pin(async move {
            let mut gateways = request.metadata().get_all(GATEWAY).iter();
            let (Some(gateway), None) = (gateways.next(), gateways.next()) else {
                log_refusal("no_gateway");
                return Err(Status::invalid_argument(
                    "Send the id of the gateway in the metadata x-keystead-gateway.",
                ));
            };
            let gateway = gateway.to_str().unwrap_or_default().to_owned();
            let span = traces::begin(&Method::POST, request.metadata().as_ref()).unwrap_or_else(Span::none);
            let checked = check(&state, &traffic, &gateway, request.into_inner()).instrument(span);
            checked.await.map(tonic::Response::new)
        })
    }
}
