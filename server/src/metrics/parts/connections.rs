//! Connections of clients.

use std::fmt;

use super::super::Source;
use super::super::page::{Page, float};
use crate::middleware::untrusted_forwarded;

pub(in crate::metrics) fn write(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let open =
        source.ports.iter().map(|(port, places)| ([("port", *port)], float(places.open_count() as u64)));
    page.gauges(
        "keystead_open_connections",
        "Open connections, by port: main, tls, envoy_grpc or metrics",
        open,
    )?;
    page.gauge(
        "keystead_connections_max",
        "Maximum number of open connections on each of the ports main, tls and envoy_grpc",
        source.connections_max.into(),
    )?;
    page.counter(
        "keystead_untrusted_forwarded",
        "Requests whose X-Forwarded-For was ignored, because they did not come from a trusted proxy",
        untrusted_forwarded(),
    )
}
