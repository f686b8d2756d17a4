mod create;
mod enforcement;
mod envelope;
mod environment;
mod get;
mod list;
mod metadata;
mod on_postgres;
mod precondition;
mod revoke;
mod rotate;
mod update;

pub const API_KEYS: &str = "/v1/api-keys";

pub fn api_key(id: &serde_json::Value) -> String {
    format!("{API_KEYS}/{}", id.as_str().unwrap())
}
