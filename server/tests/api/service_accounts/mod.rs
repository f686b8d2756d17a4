mod create;
mod disable;
mod get;
mod list;
mod update;

pub const ROBOTS: &str = "/v1/service-accounts";

pub fn robot_at(id: &serde_json::Value) -> String {
    format!("{ROBOTS}/{}", id.as_str().unwrap())
}
