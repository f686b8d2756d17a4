mod endpoints;
mod key;
mod organization;

use serde_json::Value;

use crate::support::{Client, TestServer};

pub const USAGE: &str = "/v1/organizations/usage";

pub fn usage_of(key_id: &Value) -> String {
    format!("/v1/organizations/api-keys/{}/usage", key_id.as_str().unwrap())
}

/// Writes what was counted so far, and then reads the usage.
pub async fn ask(server: &TestServer, client: &Client, path: &str) -> Value {
    server.bed.flush().await;
    client.get(path).await.ok()
}
