//! Where the metrics come from.

use std::fmt;
use std::sync::Arc;

use model::Timestamp;
use service::Service;

use crate::listener::ConnectionSlots;
use crate::tls::Certificates;
use crate::traffic::Traffic;

/// Everything that has metrics. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) service: Service,
    pub(crate) traffic: Arc<Traffic>,
    /// The open ports, with their names.
    pub(crate) ports: Vec<(&'static str, ConnectionSlots)>,
    /// The certificates of the port with TLS, if there is one.
    pub(crate) certificates: Option<Arc<Certificates>>,
    /// Maximum number of connections on each port.
    pub(crate) connections_max: u32,
    pub(crate) started_at: Timestamp,
    /// Counts the log lines that were lost since the start.
    pub(crate) lost_log_lines: fn() -> u64,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}
