//! A collector of OpenTelemetry: a server of OTLP's own protocol definitions, which keeps the spans that it receives.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};
use tonic::{Request, Response, Status};

/// The longest time that a test waits for a span.
const TIMEOUT: Duration = Duration::from_mins(1);

#[derive(Clone, Default)]
pub struct Collector {
    received: Arc<Mutex<Received>>,
}

#[derive(Default)]
struct Received {
    spans: Vec<Span>,
    resource: Vec<KeyValue>,
    authorization: Option<String>,
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let authorization =
            request.metadata().get("authorization").map(|value| value.to_str().unwrap().to_owned());
        let mut received = self.received.lock().unwrap();
        received.authorization = authorization;
        for part in request.into_inner().resource_spans {
            received.resource = part.resource.unwrap_or_default().attributes;
            received.spans.extend(part.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    /// Listens at this address, and keeps what arrives.
    pub async fn listen(address: &str) -> Self {
        let (collector, listener) = (Self::default(), TcpListener::bind(address).await.unwrap());
        let service = TraceServiceServer::new(collector.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = TowerToHyperService::new(service.clone());
                let connection = http2::Builder::new(TokioExecutor::new());
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
            }
        });
        collector
    }

    /// Waits for a span that is like this.
    pub async fn span(&self, is_wanted: impl Fn(&Span) -> bool) -> Span {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(span) = self.spans().into_iter().find(|span| is_wanted(span)) {
                return span;
            }
            let names: Vec<_> = self.spans().into_iter().map(|span| span.name).collect();
            assert!(Instant::now() < deadline, "not among {names:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn spans(&self) -> Vec<Span> {
        self.received.lock().unwrap().spans.clone()
    }

    pub fn authorization(&self) -> Option<String> {
        self.received.lock().unwrap().authorization.clone()
    }

    /// What is said about the sender of the spans.
    pub fn resource(&self, name: &str) -> Option<String> {
        text(&self.received.lock().unwrap().resource, name)
    }
}

/// An attribute of a span, as text.
pub fn attribute(span: &Span, name: &str) -> Option<String> {
    text(&span.attributes, name)
}

fn text(attributes: &[KeyValue], name: &str) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.key == name)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => Some(text.clone()),
        any_value::Value::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}
