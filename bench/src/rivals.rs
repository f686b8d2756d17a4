//! Competitors that create and verify API keys on SQLite, each as fast as its settings allow with the same durability,
//! and nginx.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use http::StatusCode;
use serde::Deserialize;

use crate::instance::contains;
use crate::load::{Answer, Call, Calls, once};
use crate::process::{self, Server};
use crate::secrets::Secrets;
use crate::setting::Setting;
use crate::{Error, Result};

/// One process with four threads. On one core this is faster than one or sixteen threads, two processes, or waitress.
const GUNICORN: [&str; 8] =
    ["--worker-class", "gthread", "--threads", "4", "--keep-alive", "60", "--error-logfile", "/dev/stdout"];

/// The number of keys that a competitor creates for itself before it verifies them.
const OWN_KEYS: u64 = 1000;

/// A started competitor and its call for creating a key.
pub struct Rival {
    pub server: Server,
    /// Creates the call with a number.
    pub calls: Calls,
}

/// better-auth with its API-key plugin, on Node.
pub async fn better_auth(setting: &Setting, folder: &Path) -> Result<Rival> {
    #[derive(Deserialize)]
    struct Said {
        cookie: String,
    }
    let installed = setting.cache.join("better-auth");
    if !installed.join("node_modules").exists() {
        return Err(reason(&installed));
    }
    let mut command = process::command(setting.server_core, "node");
    command.arg(installed.join("server.mjs")).arg(folder);
    let server = process::start(command, &folder.join("better-auth-errors")).await?;
    let Said { cookie } = serde_json::from_str(&server.said)?;
    let origin = format!("http://{}", server.address);
    let call = move |number| {
        let body = format!(r#"{{"name":"ci {number}"}}"#);
        Call::json("/api/auth/api-key/create", body).with("origin", &*origin).with("cookie", &*cookie)
    };
    Ok(Rival { server, calls: Arc::new(call) })
}

/// Django REST framework with djangorestframework-api-key, under gunicorn.
pub async fn drf(setting: &Setting, folder: &Path) -> Result<Rival> {
    let installed = setting.cache.join("drf");
    let python = installed.join("venv/bin/python");
    if !python.exists() {
        return Err(reason(&installed));
    }
    let key = std::process::Command::new(&python).arg(installed.join("service.py")).arg(folder).output()?;
    if !key.status.success() {
        return Err(format!("preparing Django: {}", String::from_utf8_lossy(&key.stderr)).into());
    }
    let key = String::from_utf8(key.stdout)?.trim().to_owned();
    let mut command = process::command(setting.server_core, &python);
    command.args(["-m", "gunicorn", "service:application", "--bind", "127.0.0.1:0"]).args(GUNICORN);
    command.current_dir(&installed).env("DATA", folder);
    let server = process::start(command, &folder.join("drf-errors")).await?;
    let call = move |number| {
        let body = format!(r#"{{"name":"ci {number}"}}"#);
        Call::json("/keys", body).with("authorization", format!("Api-Key {key}"))
    };
    Ok(Rival { server, calls: Arc::new(call) })
}

/// A program that verifies keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    BetterAuth,
    Drf,
    /// A map of the keys in the configuration.
    Nginx,
}

impl Guard {
    /// The name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::BetterAuth => "better-auth",
            Self::Drf => "djangorestframework-api-key",
            Self::Nginx => "nginx map",
        }
    }
}

/// Starts a program that verifies keys. Returns the keys that it created itself; none for nginx, which knows Keystead's
/// keys.
pub async fn guard(
    setting: &Setting,
    guard: Guard,
    folder: &Path,
    secrets: &Secrets,
) -> Result<(Server, Vec<String>)> {
    let Rival { server, calls } = match guard {
        Guard::Nginx => return Ok((nginx(setting, folder, secrets).await?, Vec::new())),
        Guard::BetterAuth => better_auth(setting, folder).await?,
        Guard::Drf => drf(setting, folder).await?,
    };
    let mut keys = Vec::new();
    for number in 0..OWN_KEYS {
        let made: serde_json::Value =
            serde_json::from_slice(&once(server.address, &calls(number)).await?.body)?;
        keys.push(made.get("key").and_then(|key| key.as_str()).ok_or("a key without its secret")?.to_owned());
    }
    Ok((server, keys))
}

/// nginx with a map of all keys, in one worker.
async fn nginx(setting: &Setting, folder: &Path, secrets: &Secrets) -> Result<Server> {
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut map = BufWriter::new(File::create(folder.join("keys.map"))?);
    for number in 0..secrets.len() {
        map.write_all(secrets.pair(number).0)?;
        map.write_all(b" 1;\n")?;
    }
    map.flush()?;
    let at = folder.display();
    let configuration = format!(
        "daemon off; master_process off; pid {at}/pid; error_log {at}/errors;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {at}/body; \
         proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/fastcgi; uwsgi_temp_path {at}/uwsgi; \
         scgi_temp_path {at}/scgi; map_hash_max_size 4194304; map_hash_bucket_size 128;\n\
         map $http_x_api_key $known {{ default 0; include {at}/keys.map; }}\n\
         server {{ listen 127.0.0.1:{port}; location / {{ if ($known = 0) {{ return 401; }} return 200 ok; }} }} }}\n"
    );
    std::fs::write(folder.join("nginx.conf"), configuration)?;
    let mut command = process::command(setting.server_core, "nginx");
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf"));
    process::start_at(command, ([127, 0, 0, 1], port).into(), &folder.join("nginx-errors")).await
}

/// Whether a competitor's answer contains a created key.
pub fn is_created(answer: &Answer) -> bool {
    answer.status == StatusCode::OK && contains(&answer.body, br#""key":""#)
}

/// Why a competitor is missing, from the file that the installation script wrote.
fn reason(installed: &Path) -> Error {
    let reported = std::fs::read_to_string(installed.with_extension("reason")).unwrap_or_default();
    let reported = reported.lines().next().unwrap_or_default().trim();
    if reported.is_empty() { "it is not installed; run scripts/bench".into() } else { reported.into() }
}
