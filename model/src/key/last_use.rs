//! When and from where a secret was last used.

use crate::time::Timestamp;

/// The last successful use of a secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LastUse {
    pub at: Timestamp,
    /// The client address.
    pub address: Option<String>,
    /// The user agent.
    pub agent: Option<String>,
}
