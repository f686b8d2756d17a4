//! All metrics, in Prometheus's text format.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, prometheus_text};
use prometheus_client::registry::Registry;
use service::Readings;

use super::page::Page;
use super::{Source, parts};

/// The media type.
pub(super) const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Reads and writes all metrics.
pub(super) fn write(source: Source) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(source));
    let mut text = String::new();
    prometheus_text::encode(&mut text, &registry)?;
    Ok(text)
}

impl Collector for Source {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        write_parts(self, &mut Page::new(encoder))
    }
}

/// Writes the metrics of all parts.
fn write_parts(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let Readings { key_cache, queues, pool } = source.service.readings();
    parts::process::write(source, page)?;
    parts::verifications::write(source, page)?;
    parts::requests::write(source, page)?;
    parts::connections::write(source, page)?;
    parts::tls::write(source, page)?;
    parts::sign_ins::write(source, page)?;
    parts::revocations::write(source, page)?;
    parts::key_cache::write(&key_cache, page)?;
    parts::write_behind::write(&queues, page)?;
    parts::database::write(source, pool, page)?;
    parts::backups::write(source, page)
}
