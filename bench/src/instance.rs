//! A Keystead server that is measured.

use std::net::SocketAddr;
use std::path::Path;

use http::header::SET_COOKIE;
use tokio::process::Command;

use crate::Result;
use crate::load::{Answer, Call, Connection, once, wrong};
use crate::process::{self, Server};
use crate::seed::Filled;
use crate::setting::Setting;

/// The command that serves a data folder. Limits that the load would reach are raised.
pub fn command(setting: &Setting, data: &Path) -> Command {
    configure(process::command(setting.server_core, &setting.keystead), data)
}

/// Adds the arguments and environment of Keystead to a command that already ends with its program.
pub fn configure(mut command: Command, data: &Path) -> Command {
    command.arg("serve").arg("--listen").arg("127.0.0.1:0").arg("--data-dir").arg(data);
    command.env("KEYSTEAD_RATE_LIMIT_DEFAULT", "2147483647");
    command.env("KEYSTEAD_KEYS_PER_ORGANIZATION_MAX", "2147483647");
    command.env("KEYSTEAD_LOG", "warn");
    command
}

pub async fn start(setting: &Setting, data: &Path) -> Result<Server> {
    process::start(command(setting, data), &data.join("errors")).await
}

/// Signs the admin in to the console. Returns the value for the `Cookie` header.
pub async fn sign_in(address: SocketAddr, filled: &Filled) -> Result<String> {
    let escape = |text: &str| text.replace('@', "%40").replace(' ', "+");
    let mut call = Call::get("/console/api/session/sign_in").with("origin", format!("http://{address}"));
    call.method = http::Method::POST;
    call.headers.push(("content-type", "application/x-www-form-urlencoded".to_owned()));
    call.body = format!("email={}&password={}", escape(&filled.user_email), escape(&filled.password));
    let (answer, _) = Connection::open(address).await?.time(&call).await?;
    let cookie = answer.headers.get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok()?.split(';').next());
    cookie.map(str::to_owned).ok_or_else(|| wrong(&call, &answer))
}

/// A call that creates a key for the admin. The number is part of its name.
pub fn create(filled: &Filled, number: u64) -> Call {
    let path = format!("/v1/organizations/users/{}/api-keys", filled.user_email.replace('@', "%40"));
    Call::json(path, format!(r#"{{"name":"ci {number}","permissions":["read"]}}"#))
        .with("authorization", format!("Bearer {}", filled.admin_key))
}

/// Whether an answer contains a created key.
pub fn is_created(answer: &Answer) -> bool {
    answer.status == http::StatusCode::OK && contains(&answer.body, br#""key":"sk_live_"#)
}

/// Whether `bytes` contains `part`.
pub fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Sends a health check to a server that was just started. Fails unless it succeeds.
pub async fn healthy(address: SocketAddr) -> Result<()> {
    once(address, &Call::get("/healthz")).await.map(drop)
}
