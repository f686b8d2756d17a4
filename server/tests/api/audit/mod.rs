mod get;
mod list;
mod reads;
mod settings;

pub const LOGS: &str = "/v1/organizations/audit/logs";
pub const SETTINGS: &str = "/v1/organizations/audit/settings";
