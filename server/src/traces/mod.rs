//! Traces of requests, which are sent to a collector of OpenTelemetry over OTLP.
//!
//! The parts of a trace are spans of `tracing` with a target of their own, here and in the store. Without a collector
//! nobody wants them, and then a span costs one comparison. Log lines neither create spans nor show them.

mod exporter;
mod request;
mod sampler;

pub use self::exporter::{Exporter, TracedSpans};
pub(crate) use self::request::{answered, begin, record_request_id, record_verdict, trace_id};
