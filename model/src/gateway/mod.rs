//! Gateways: proxies in front of an organization's own APIs that ask, at each request, whether a key may do this.
//!
//! A gateway says where the key is looked for, what a request needs by its method and path, and which headers its
//! upstream gets. What a request needs is decided here; whether the key has it, by [`crate::verify`].

mod address;
mod alike;
mod draft;
mod header_meaning;
mod headers;
mod key_header;
mod path;
mod pattern;
mod record;
mod rule;
mod rule_draft;
mod seen;
mod snippet;

pub use address::ProxyAddress;
pub use draft::{GatewayDraft, GatewayPatch, NewGateway, check_gateway_name};
pub use header_meaning::{HeaderMeaning, names_identity, reads_as};
pub use headers::{HandedHeader, HandedHeaders, SCOPES_BYTES_MAX};
pub use key_header::KeyHeader;
pub use path::{AskedPath, Segment, Unreadable};
pub use pattern::{PathPattern, Pieces};
pub use record::{GATEWAY_NAME_LENGTH_MAX, Gateway, Need, Otherwise, Refusal};
pub use rule::{GatewayRule, ResourceSource, RuleAccess, RuleMethod, RuleResource};
pub use rule_draft::{RULES_MAX, RuleDraft, RuleResourceDraft};
pub use seen::{GatewayDetails, GatewayOutcome, GatewayRow, GatewaySeen, SeenKey, Sighting};
pub use snippet::{Proxy, snippet};
