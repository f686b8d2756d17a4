//! Gateways: one file for each use case, and the lookup of gateways for proxies.

mod activity;
mod activity_log;
mod create;
mod get;
mod list;
mod overview;
mod remove;
mod update;

pub(crate) use activity_log::ActivityLog;
pub use create::GATEWAYS_MAX;
pub use get::{UnknownGateway, read_gateway_id};
