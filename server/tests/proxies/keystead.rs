//! The real binary with an organization, for tests that put gateways in front of an API.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::proxy;

/// The user whose keys are sent to the proxy.
const ADMIN: &str = "ada@acme.example";

/// A server in a folder of its own. Dropping this value stops the server and removes the folder.
pub struct Keystead {
    child: Child,
    address: String,
    /// The port on which Envoy asks over gRPC.
    pub envoy_port: u16,
    admin_key: String,
    client: Client,
    _folder: TempDir,
}

impl Keystead {
    pub fn start() -> Self {
        Self::start_on(None)
    }

    /// Starts a server on the given database. Without one, it uses the embedded database in its folder.
    pub fn start_on(database_url: Option<&str>) -> Self {
        let database: Vec<_> = database_url.into_iter().flat_map(|url| ["--database-url", url]).collect();
        Self::start_with(&database, &["--listen", "127.0.0.1:0"])
    }

    /// Starts a server whose console has the given address, behind a proxy on this machine.
    pub fn start_behind(public_url: &str) -> Self {
        let listen = format!("127.0.0.1:{}", proxy::free_port());
        let settings = ["--listen", &listen, "--public-url", public_url, "--trusted-proxies", "127.0.0.1"];
        let mut keystead = Self::start_with(&[], &settings);
        keystead.address = format!("http://{listen}");
        keystead
    }

    fn start_with(database: &[&str], settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = command(folder.path().into())
            .args(["bootstrap", "--organization", "Acme", "--email", ADMIN])
            .args(database)
            .output()
            .unwrap();
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        let envoy_port = proxy::free_port();
        let mut child = command(folder.path().into())
            .arg("serve")
            .args(settings)
            .args(database)
            .args(["--envoy-grpc-listen", &format!("127.0.0.1:{envoy_port}")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("Keystead is ready at ");
        let address = address.split('/').take(3).collect::<Vec<_>>().join("/");
        let admin_key = made["admin_key"].as_str().unwrap().to_owned();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { child, address, envoy_port, admin_key, client, _folder: folder }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// The header with the admin's key.
    pub fn admin(&self) -> String {
        format!("Authorization: Bearer {}", self.admin_key)
    }

    /// Calls the REST API with the admin's key.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let request =
            self.client.request(method, format!("{}{path}", self.address)).bearer_auth(&self.admin_key);
        let request = if body.is_null() { request } else { request.json(&body) };
        let response = request.send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Creates a key and returns its secret.
    pub async fn key(&self, name: &str, more: Value) -> String {
        let mut body = json!({"name": name});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let path = format!("/v1/organizations/users/{ADMIN}/api-keys");
        self.call(Method::POST, &path, body).await["key"].as_str().unwrap().to_owned()
    }

    pub async fn revoke(&self, name: &str) {
        let path = format!("/v1/organizations/users/{ADMIN}/api-keys/{name}");
        self.call(Method::DELETE, &path, Value::Null).await;
    }

    /// Kills the server.
    pub fn stop(&mut self) {
        let _already_ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Drop for Keystead {
    fn drop(&mut self) {
        self.stop();
    }
}

fn command(folder: PathBuf) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keystead"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEYSTEAD_")) {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}
