//! Copies of gateways in memory, and the ids of all gateways, so that a request of a proxy costs no query.
//!
//! They are a mirror like the key cache, with the same protocol (see the module `mirror`).

mod cache;
mod ids;

pub(crate) use cache::{GatewayCache, Subject};
pub(crate) use ids::IDS_MAX;
