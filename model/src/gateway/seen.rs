//! What a gateway was asked about, as far as it is remembered: whoever puts a proxy in front of an API sees by it whether
//! requests arrive, and what becomes of them.

use crate::id::KeyId;
use crate::stored::Stored;
use crate::time::Timestamp;
use crate::words::words;

use super::record::Gateway;

words! {
    /// What came of a request that a gateway was asked about, as the header `X-Key-Decision` tells it.
    GatewayOutcome {
        /// It passed.
        Allowed = "allowed",
        /// It showed no key, or two.
        NoKey = "no_key",
        /// It showed what is no valid key of the organization.
        InvalidKey = "invalid_key",
        /// The key was not permitted to do this.
        InsufficientPermissions = "insufficient_permissions",
        /// The key's scopes did not reach it.
        OutOfScope = "out_of_scope",
        /// The key had used up its requests.
        RateLimited = "rate_limited",
        /// A rule closes it, or none opens it.
        Closed = "closed",
        /// Its method, its path or a header could be read in different ways.
        Unreadable = "unreadable",
    }
}

/// A key that a request showed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SeenKey {
    /// Its id.
    pub key_id: KeyId,
    /// Its name now.
    pub name: String,
}

/// A request that was seen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sighting {
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: Stored<GatewayOutcome>,
    /// The organization's key that it showed.
    pub key: Option<SeenKey>,
    /// The client's address.
    pub address: Option<String>,
}

/// Which requests a gateway was asked about. To the second: of the requests of one second that end alike, one is noted.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GatewaySeen {
    /// The first that a key let pass.
    pub first: Option<Sighting>,
    /// The latest, whatever came of it.
    pub last: Option<Sighting>,
}

/// A gateway in the list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GatewayRow {
    /// The gateway.
    pub gateway: Gateway,
    /// When it was first asked about a request that a key let pass.
    pub first_seen_at: Option<Timestamp>,
    /// When it was last asked about a request.
    pub last_seen_at: Option<Timestamp>,
}

impl GatewayRow {
    /// A gateway with the times of what it was asked about.
    pub fn new(gateway: Gateway, seen: &GatewaySeen) -> Self {
        let at = |sighting: &Option<Sighting>| sighting.as_ref().map(|sighting| sighting.at);
        Self { gateway, first_seen_at: at(&seen.first), last_seen_at: at(&seen.last) }
    }
}

/// A gateway and what its page shows besides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GatewayDetails {
    /// The gateway.
    pub gateway: Gateway,
    /// What it was asked about.
    pub seen: GatewaySeen,
    /// Who made it: an e-mail or, of a service account, a name; nothing if it was the operator.
    pub creator: Option<String>,
}
