//! The port with TLS.

use std::fmt;
use std::sync::atomic::Ordering;

use super::super::Source;
use super::super::page::{Page, float};

pub(in crate::metrics) fn write(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let certificates = source.certificates.as_deref();
    let ends = certificates.and_then(|certificates| u64::try_from(certificates.ends()?.seconds()).ok());
    page.gauge(
        "keystead_tls_certificate_end_time_seconds",
        "When the certificate in use ends, in Unix seconds. 0 if there is none",
        float(ends.unwrap_or_default()),
    )?;
    let counts = certificates.map(|certificates| &certificates.handshakes);
    let done = counts.map_or(0, |counts| counts.done.load(Ordering::Relaxed));
    let failed = counts.map_or(0, |counts| counts.failed.load(Ordering::Relaxed));
    page.counters(
        "keystead_tls_handshakes",
        "TLS handshakes, by result",
        [([("result", "done")], done), ([("result", "failed")], failed)],
    )
}
