//! Gateways: one use case a file, and the copies that proxies' questions are answered from.

mod copies;
mod create;
mod get;
mod ids;
mod list;
mod overview;
mod remove;
mod seen;
mod update;

pub(crate) use copies::Copies;
pub use create::GATEWAYS_MAX;
pub use get::{UnknownGateway, read_gateway_id};
pub(crate) use seen::Sightings;
