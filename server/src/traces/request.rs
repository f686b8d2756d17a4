//! The span of a request: whether there is one, and what it says.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, Method, StatusCode};
use model::verify::VerifyCode;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use service::{LogThrottle, TRACES};
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::request_id::RequestId;

/// The most requests a second that are traced. Any client can ask for a trace with `traceparent`.
const REQUESTS_PER_SECOND: u16 = 1000;

/// The header that says to which trace a request belongs.
const TRACEPARENT: &str = "traceparent";

/// Which requests are traced. Not set if none are.
static CHOICE: OnceLock<Choice> = OnceLock::new();

struct Choice {
    /// How many of a hundred requests without `traceparent` are traced.
    percent: u32,
    requests: AtomicU64,
    throttle: LogThrottle,
}

impl Choice {
    fn new(percent: u32) -> Self {
        Self { percent, requests: AtomicU64::new(0), throttle: LogThrottle::per_second(REQUESTS_PER_SECOND) }
    }

    /// Whether a request is traced that nobody has decided about. The traced ones are evenly spread.
    fn takes_next(&self) -> bool {
        let (percent, request) =
            (u64::from(self.percent), self.requests.fetch_add(1, Ordering::Relaxed) % 100);
        request * percent / 100 != (request + 1) * percent / 100
    }

    /// Returns the span around this request that the client named, if the request is traced.
    fn parent(&self, headers: &HeaderMap) -> Option<Context> {
        let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers));
        let is_traced = {
            let span = parent.span();
            let context = span.span_context();
            if context.is_valid() { context.is_sampled() } else { self.takes_next() }
        };
        (is_traced && self.throttle.may_log()).then_some(parent)
    }
}

/// From now on, requests are traced.
pub(super) fn start(percent: u32) {
    let _already_started = CHOICE.set(Choice::new(percent));
}

/// Begins the span of a request. Returns `None` if the request is not traced.
pub(crate) fn begin(method: &Method, headers: &HeaderMap) -> Option<Span> {
    let parent = CHOICE.get()?.parent(headers)?;
    let span = tracing::info_span!(
        target: TRACES,
        parent: None,
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = known(method),
        http.route = Empty,
        http.response.status_code = Empty,
        keystead.request.id = Empty,
        keystead.verify.code = Empty,
        keystead.key.id = Empty,
    );
    // Fails only for a span that the layer does not know.
    let _unknown = span.set_parent(parent);
    Some(span)
}

/// Records how the current request was answered. `route` is a pattern and never the path, which may contain a secret.
pub(crate) fn answered(method: &Method, route: &str, status: StatusCode) {
    if CHOICE.get().is_none() {
        return;
    }
    let span = Span::current();
    // A field for the name would come too late, because the span has begun.
    span.context().span().update_name(format!("{} {route}", known(method)));
    span.record("http.route", route);
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// Records the id of the current request, by which its log lines can be found.
pub(crate) fn record_request_id(id: &RequestId) {
    if CHOICE.get().is_some() {
        Span::current().record("keystead.request.id", id.as_str());
    }
}

/// Records the verdict on the key of the current request.
pub(crate) fn record_verdict(code: VerifyCode, key_id: Option<&str>) {
    if CHOICE.get().is_some() {
        let span = Span::current();
        span.record("keystead.verify.code", code.as_str());
        if let Some(key_id) = key_id {
            span.record("keystead.key.id", key_id);
        }
    }
}

/// The id of the trace to which the current request belongs, in hexadecimal digits.
pub(crate) fn trace_id() -> Option<String> {
    CHOICE.get()?;
    let context = Span::current().context();
    let span = context.span();
    let context = span.span_context();
    context.is_valid().then(|| context.trace_id().to_string())
}

/// Clients can send any word as a method. Only the registered ones are recorded.
fn known(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => method.as_str(),
        _ => "_OTHER",
    }
}

/// The headers of a request, of which only `traceparent` is read. `tracestate` is any text that a client chose, even a
/// secret, and would be sent to the collector.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        if key == TRACEPARENT { self.0.get(key)?.to_str().ok() } else { None }
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn is_traced(choice: &Choice, parent: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(parent) = parent {
            headers.insert("traceparent", HeaderValue::from_str(parent).unwrap());
        }
        choice.parent(&headers).is_some()
    }

    #[test]
    fn the_given_percentage_of_requests_is_traced() {
        for percent in [0, 1, 33, 99, 100] {
            let choice = Choice::new(percent);
            let traced = (0..300).filter(|_| choice.takes_next()).count();
            assert_eq!(traced, 3 * percent as usize);
        }
    }

    #[test]
    fn a_client_that_traces_decides() {
        let (never, always) = (Choice::new(0), Choice::new(100));
        let traced = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let untraced = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
        assert!(is_traced(&never, Some(traced)) && is_traced(&always, Some(traced)));
        assert!(!is_traced(&never, Some(untraced)) && !is_traced(&always, Some(untraced)));
        for unreadable in [None, Some(""), Some("00-00-00-01"), Some("nonsense")] {
            assert!(!is_traced(&never, unreadable) && is_traced(&always, unreadable), "{unreadable:?}");
        }
    }

    #[test]
    fn clients_cannot_ask_for_any_number_of_traces() {
        let choice = Choice::new(100);
        let traced = (0..10_000).filter(|_| is_traced(&choice, None)).count();
        // The test may run into a second second, and a third.
        assert!(traced < 4000, "{traced}");
    }
}
