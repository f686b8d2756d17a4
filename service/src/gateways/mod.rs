//! Gateways: one file for each use case, and the cache from which proxies are answered.

mod activity;
mod activity_log;
mod cache;
mod create;
mod get;
mod ids;
mod list;
mod overview;
mod remove;
mod update;

pub(crate) use activity_log::ActivityLog;
pub(crate) use cache::GatewayCache;
pub use create::GATEWAYS_MAX;
pub use get::{UnknownGateway, read_gateway_id};
