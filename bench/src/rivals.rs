//! Others that make API keys on SQLite, each as fast as it can be set up with the same durability.

use std::path::Path;
use std::sync::Arc;

use http::StatusCode;
use serde::Deserialize;

use crate::instance::contains;
use crate::load::{Answer, Call, Calls};
use crate::process::{self, Server};
use crate::setting::Setting;
use crate::{Error, Result};

/// One process with four threads: faster on one core than one or sixteen of them, two processes, or waitress.
const GUNICORN: [&str; 8] =
    ["--worker-class", "gthread", "--threads", "4", "--keep-alive", "60", "--error-logfile", "/dev/stdout"];

/// A started rival and how to ask it for a key.
pub struct Rival {
    /// The process.
    pub server: Server,
    /// Makes the call of a number.
    pub calls: Calls,
}

/// better-auth with its API-key plugin on Node.
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

/// Django REST framework with djangorestframework-api-key under gunicorn.
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

/// Whether a rival's answer shows a key that was made.
pub fn is_created(answer: &Answer) -> bool {
    answer.status == StatusCode::OK && contains(&answer.body, br#""key":""#)
}

/// Why a rival is not there, as the installation left it written.
fn reason(installed: &Path) -> Error {
    let told = std::fs::read_to_string(installed.with_extension("reason")).unwrap_or_default();
    let told = told.lines().next().unwrap_or_default().trim();
    if told.is_empty() { "it is not installed; run scripts/bench".into() } else { told.into() }
}
