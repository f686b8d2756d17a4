//! A server with its port for Prometheus.

use std::net::TcpListener;

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::binary::{ADMIN, Answer, Rest, Running, TestFolder};
use crate::page::Page;

pub const PASSWORD: &str = "correct horse battery";

/// A server with an organization. Its caches are loaded.
pub struct Node {
    pub folder: TestFolder,
    pub server: Running,
    pub rest: Rest,
    /// The host and port of the metrics.
    pub metrics: String,
    /// The host and port on which Envoy asks over gRPC.
    pub envoy: String,
    pub admin_key: String,
    client: Client,
}

impl Node {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts a server with further settings, which `keystead bootstrap` gets as well.
    pub async fn start_with(settings: &[&str]) -> Self {
        Self::start_both(settings, &[]).await
    }

    /// Starts a server with settings that only `keystead serve` knows.
    pub async fn serving(settings: &[&str]) -> Self {
        Self::start_both(&[], settings).await
    }

    async fn start_both(settings: &[&str], of_serve: &[&str]) -> Self {
        let folder = TestFolder::new();
        std::fs::write(folder.path("password"), PASSWORD).unwrap();
        let made = folder.bootstrap(&[&["--password-file", "password"], settings].concat());
        let admin_key = made["admin_key"].as_str().unwrap().to_owned();
        let (metrics, envoy) = (free_address(), free_address());
        let ports = ["--metrics-listen", &metrics, "--envoy-grpc-listen", &envoy];
        let server = folder.start(&[&ports, settings, of_serve].concat());
        let rest = Rest::new(&server.address, &admin_key);
        let node = Self { folder, server, rest, metrics, envoy, admin_key, client: client() };
        while node.page().await.value("keystead_key_cache_complete") == 0.0 {
            tokio::task::yield_now().await;
        }
        node
    }

    pub async fn page(&self) -> Page {
        let response = self.client.get(format!("http://{}/metrics", self.metrics)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        Page::of(response.text().await.unwrap())
    }

    /// Sends a request to the main port with the admin's key.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.client.request(method, format!("{}{path}", self.server.address));
        let request = request.bearer_auth(&self.admin_key);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        request.send().await.unwrap()
    }

    /// Creates a key and returns its secret.
    pub async fn key(&self, name: &str) -> String {
        match self.rest.create(name).await {
            Answer::Done(made) => made["key"].as_str().unwrap().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    /// Creates a gateway and returns its id.
    pub async fn gateway(&self, name: &str) -> String {
        let made = self.send(Method::POST, "/v1/gateways", Some(json!({ "name": name }))).await;
        made.json::<Value>().await.unwrap()["gateway_id"].as_str().unwrap().to_owned()
    }

    /// Verifies a key, and returns the verify code.
    pub async fn verify(&self, secret: &str) -> String {
        let response = self.send(Method::POST, "/v1/keys/verify", Some(json!({ "key": secret }))).await;
        response.json::<Value>().await.unwrap()["code"].as_str().unwrap().to_owned()
    }

    pub async fn introspect(&self, secret: &str) -> Value {
        let request = self.client.post(format!("{}/v1/introspect", self.server.address));
        let request = request.bearer_auth(&self.admin_key);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(format!("token={secret}")).send().await.unwrap().json().await.unwrap()
    }

    /// Asks about a key as a proxy does, and returns the status.
    pub async fn ask(&self, gateway: &str, proxy: &str, secret: Option<&str>) -> u16 {
        let request = self.client.get(format!("{}/auth/{gateway}/{proxy}", self.server.address));
        let by = if proxy == "nginx" { "original" } else { "forwarded" };
        let request = if proxy == "envoy" {
            request
        } else {
            request.header(format!("x-{by}-method"), "GET").header(format!("x-{by}-uri"), "/")
        };
        let request = if let Some(secret) = secret { request.bearer_auth(secret) } else { request };
        request.send().await.unwrap().status().as_u16()
    }

    pub async fn sign_in(&self, password: &str) -> u16 {
        let request = self.client.post(format!("{}/console/api/session/sign_in", self.server.address));
        let request = request.header("origin", &self.server.address).header("accept", "application/json");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(format!("email={ADMIN}&password={password}")).send().await.unwrap();
        answer.status().as_u16()
    }
}

/// A host and port of this machine that nobody uses.
pub fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

pub fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}
