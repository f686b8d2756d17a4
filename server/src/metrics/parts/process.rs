//! The process.

use std::fmt;

use super::super::Source;
use super::super::page::Page;

pub(in crate::metrics) fn write(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    page.gauges("keystead_build_info", "Always 1. The label says which version runs", [(version, 1.0)])?;
    let started_at = f64::from(u32::try_from(source.started_at.seconds()).unwrap_or(u32::MAX));
    page.gauge("keystead_start_time_seconds", "When the server started, in Unix seconds", started_at)?;
    page.counter(
        "keystead_log_lines_dropped",
        "Log lines that were lost, because standard error was full, closed or too slow",
        (source.lost_log_lines)(),
    )
}
