//! HTTP requests.

use std::fmt;

use super::super::Source;
use super::super::page::Page;
use crate::traffic::Durations;

pub(in crate::metrics) fn write(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let labelled = |Durations { route, method, status, recorded }| {
        ([("route", route), ("method", method), ("status", status)], recorded)
    };
    page.durations(
        "keystead_http_request_duration_seconds",
        "Time from the head of a request to the head of its response, by the pattern or group of its path, its method and \
         the class of the status",
        source.traffic.durations().map(labelled),
    )
}
