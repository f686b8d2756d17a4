//! Keeps the spans of requests that are traced, and drops those of background tasks.

use opentelemetry::trace::{Link, SpanKind, TraceContextExt, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

/// Whether a request is traced is decided before its span begins, so a request's span is always kept. All other spans
/// follow the span around them.
#[derive(Debug, Clone)]
pub(super) struct OfRequests;

impl ShouldSample for OfRequests {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        _: &str,
        kind: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let parent = parent.filter(|context| context.has_active_span()).map(TraceContextExt::span);
        let is_kept =
            *kind == SpanKind::Server || parent.as_ref().is_some_and(|span| span.span_context().is_sampled());
        SamplingResult {
            decision: if is_kept { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop },
            attributes: Vec::new(),
            trace_state: parent
                .map_or_else(TraceState::default, |span| span.span_context().trace_state().clone()),
        }
    }
}
