//! The activity of a gateway: the first and the latest request that a proxy asked about. It shows people who set up a
//! proxy whether requests arrive and what is decided about them.

use crate::id::KeyId;
use crate::stored::Stored;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

use super::record::Gateway;

string_enum! {
    /// The decision on a request that a gateway was asked about. The header `X-Key-Decision` contains this word.
    GatewayOutcome {
        /// The request passed.
        Allowed = "allowed",
        /// The request contained no key, or two keys.
        NoKey = "no_key",
        /// The request contained something that is not a valid key of the organization.
        InvalidKey = "invalid_key",
        /// The key lacked a permission that the rule requires.
        InsufficientPermissions = "insufficient_permissions",
        /// The key's scopes did not cover the resource.
        OutOfScope = "out_of_scope",
        /// The key had reached its rate limit.
        RateLimited = "rate_limited",
        /// A rule closes the path, or no rule opens it.
        Closed = "closed",
        /// The method, the path or a header is ambiguous.
        Unreadable = "unreadable",
    }
}

/// A key that a request presented.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ObservedKey {
    pub key_id: KeyId,
    /// The name at the time of reading, not of the request.
    pub name: String,
}

/// A request that a proxy asked about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ObservedRequest {
    pub at: Timestamp,
    pub outcome: Stored<GatewayOutcome>,
    /// The presented key, if it belongs to the organization.
    pub key: Option<ObservedKey>,
    /// The client address.
    pub address: Option<String>,
}

/// The requests that a gateway records. The resolution is one second: of several requests with the same outcome within
/// one second, only one is recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GatewayActivity {
    /// The first request that passed with a key.
    pub first: Option<ObservedRequest>,
    /// The latest request, whatever its outcome.
    pub last: Option<ObservedRequest>,
}

/// A gateway in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GatewayRow {
    pub gateway: Gateway,
    /// When the first request passed with a key.
    pub first_seen_at: Option<Timestamp>,
    /// When the proxy last asked about a request.
    pub last_seen_at: Option<Timestamp>,
}

impl GatewayRow {
    pub fn new(gateway: Gateway, seen: &GatewayActivity) -> Self {
        let at = |observed: &Option<ObservedRequest>| observed.as_ref().map(|observed| observed.at);
        Self { gateway, first_seen_at: at(&seen.first), last_seen_at: at(&seen.last) }
    }
}

/// A gateway with everything that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GatewayDetails {
    pub gateway: Gateway,
    /// The recorded activity.
    pub seen: GatewayActivity,
    /// The e-mail address or service account name of the creator. `None` if the operator created the gateway.
    pub creator: Option<String>,
}
