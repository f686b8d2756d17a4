//! Sends finished spans to the collector, on a thread of its own.
//!
//! Requests never wait for the collector. At most 2,048 spans wait to be sent, and further ones are dropped.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::tonic_types::metadata::MetadataMap;
use opentelemetry_otlp::tonic_types::transport::ClientTlsConfig;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _, WithTonicConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanData};
use service::{LogThrottle, TRACES, causes};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use super::request;
use super::sampler::OfRequests;
use crate::config::TraceSettings;

/// How long the collector may take for a batch of spans.
const SENT_WITHIN: Duration = Duration::from_secs(5);

/// The layer of the log that receives the spans.
pub type TracedSpans<S> = Box<dyn Layer<S> + Send + Sync>;

/// The connection to the collector. It is made with the first spans and made again whenever it is lost.
pub struct Exporter {
    provider: SdkTracerProvider,
    settings: TraceSettings,
}

impl Exporter {
    /// Must be called within the runtime, because the connection runs there.
    pub fn new(settings: &TraceSettings) -> Result<Self, ExporterBuildError> {
        let mut builder = SpanExporter::builder()
            .with_tonic()
            .with_endpoint(settings.endpoint.as_str())
            .with_timeout(SENT_WITHIN)
            .with_metadata(MetadataMap::from_headers(settings.headers.clone()));
        if settings.endpoint.scheme() == "https" {
            builder = builder.with_tls_config(ClientTlsConfig::new().with_enabled_roots());
        }
        let exporter = builder.build()?;
        let resource = Resource::builder_empty()
            .with_service_name("keystead")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Reported { exporter, throttle: LogThrottle::once_a_minute() })
            .with_sampler(OfRequests)
            .with_resource(resource)
            .build();
        Ok(Self { provider, settings: settings.clone() })
    }

    /// The layer that makes spans. From now on, requests begin traces.
    pub fn layer<S>(&self) -> TracedSpans<S>
    where
        S: tracing::Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        request::start(self.settings.percent);
        let tracer: SdkTracer = self.provider.tracer("keystead");
        let layer = OpenTelemetryLayer::new(tracer)
            .with_location(false)
            .with_threads(false)
            .with_level(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        layer.with_filter(filter_fn(|metadata| metadata.target() == TRACES)).boxed()
    }

    /// Sends the spans that wait, for at most this long.
    pub async fn stop(self, within: Duration) {
        // The wait would block the runtime, which sends the spans.
        let stopped = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(within));
        let _unsent = stopped.await;
    }
}

/// Logs why spans could not be sent. The library only knows a log of its own.
#[derive(Debug)]
struct Reported {
    exporter: SpanExporter,
    throttle: LogThrottle,
}

impl opentelemetry_sdk::trace::SpanExporter for Reported {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let sent = self.exporter.export(batch).await;
        if let Err(error) = &sent
            && let Some(left_out) = self.throttle.should_log()
        {
            tracing::warn!(error = %causes(error), spans, left_out, "traces could not be sent to the collector");
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> Result<(), OTelSdkError> {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
