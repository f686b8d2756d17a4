//! From where a key may be used: lists of networks, and origins of pages.

mod list;
mod origin;

pub use list::{NETWORKS_MAX, NetworkDecision, NetworkDraft, NetworkList};
pub use origin::{AllowedOrigins, ORIGINS_MAX, Origin};
