mod create;
mod disable;
mod get;
mod list;
mod update;

pub const SERVICE_ACCOUNTS: &str = "/v1/service-accounts";

pub fn service_account_at(id: &serde_json::Value) -> String {
    format!("{SERVICE_ACCOUNTS}/{}", id.as_str().unwrap())
}
