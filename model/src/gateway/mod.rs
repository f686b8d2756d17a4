//! Gateways: proxies in front of an organization's own APIs that ask, at each request, whether a key may do this.
//!
//! A gateway says where the key is looked for, what a request needs by its method and path, and which headers its
//! upstream gets. What a request needs is decided here; whether the key has it, by [`crate::verify`].

mod address;
mod draft;
mod headers;
mod path;
mod pattern;
mod record;
mod rule;
mod seen;
mod snippet;

pub use address::ProxyAddress;
pub use draft::{GatewayDraft, GatewayPatch, NewGateway, check_gateway_name};
pub use headers::{HandedHeader, HandedHeaders, KeyHeader, SCOPES_BYTES_MAX};
pub use path::{AskedPath, Unreadable};
pub use pattern::{PathPattern, Pieces};
pub use record::{GATEWAY_NAME_LENGTH_MAX, Gateway, Need, Otherwise, Refusal};
pub use rule::{
    GatewayRule, RULES_MAX, ResourceSource, RuleAccess, RuleDraft, RuleMethod, RuleResource,
    RuleResourceDraft,
};
pub use seen::{GatewayDetails, GatewayOutcome, GatewayRow, GatewaySeen, SeenKey, Sighting};
pub use snippet::{Proxy, snippet};
