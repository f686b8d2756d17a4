//! `/v1/gateways…` and the requests of proxies.

mod auth;
mod create;
mod get;
mod snippet;
mod update;

use serde_json::Value;

pub const GATEWAYS: &str = "/v1/gateways";

pub fn gateway_at(gateway: &Value) -> String {
    format!("{GATEWAYS}/{}", gateway["gateway_id"].as_str().unwrap())
}
