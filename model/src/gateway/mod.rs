//! Gateways. A gateway is the settings for a proxy in front of an organization's own API. The proxy asks Keystead for
//! each request whether it may pass.
//!
//! A gateway defines which header carries the key, what a request needs by its method and path, and which headers the
//! upstream receives. This module decides what a request needs. [`crate::verify`] decides whether the key has it.

mod activity;
mod address;
mod draft;
mod equivalence;
mod header_meaning;
mod headers;
mod key_header;
mod path;
mod pattern;
mod record;
mod rule;
mod rule_draft;
mod snippet;

pub use activity::{
    GatewayActivity, GatewayDetails, GatewayOutcome, GatewayRow, ObservedKey, ObservedRequest,
};
pub use address::ProxyAddress;
pub use draft::{GatewayDraft, GatewayPatch, NewGateway, check_gateway_name};
pub use header_meaning::{HeaderMeaning, names_identity, reads_as};
pub use headers::{HandedHeader, HandedHeaders, SCOPES_BYTES_MAX};
pub use key_header::KeyHeader;
pub use path::{RequestPath, Segment, Unreadable};
pub use pattern::{PathPattern, Pieces};
pub use record::{GATEWAY_NAME_LENGTH_MAX, Gateway, Otherwise, Refusal, Requirement};
pub use rule::{GatewayRule, ResourceSource, RuleAccess, RuleMethod, RuleResource};
pub use rule_draft::{RULES_MAX, RuleDraft, RuleResourceDraft};
pub use snippet::{Proxy, snippet};
