//! A proxy between a client and an upstream, with the configuration that Keystead generates for it.

use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::keystead::Keystead;
use crate::proxy::Proxy;
use crate::upstream;

#[derive(Clone, Copy)]
pub struct Kind {
    /// The name of the proxy in the request for the configuration.
    pub word: &'static str,
    /// Changes the configuration before it is used.
    pub change: fn(&str, &Keystead) -> String,
    /// Starts the proxy with the configuration.
    pub start: fn(&str, &TempDir) -> Proxy,
}

/// A client of an API, and the proxy in front of the API.
pub struct Visitor {
    pub kind: &'static str,
    client: Client,
    proxy: Proxy,
    _folder: TempDir,
}

impl Kind {
    /// A proxy with the configuration exactly as it is generated.
    pub const fn plain(word: &'static str, start: fn(&str, &TempDir) -> Proxy) -> Self {
        Self { word, change: |configuration, _| configuration.to_owned(), start }
    }
}

impl Visitor {
    /// Starts an upstream and a proxy in front of it. `name` is the name of the new gateway.
    pub async fn behind(keystead: &Keystead, kind: Kind, name: &str) -> Self {
        let rules = json!([
            {"path": "/open", "access": "open"},
            {"method": "GET", "path": "/v1/**", "permission": "read"},
            {"path": "/v1/**", "permission": "write"},
            {"path": "/admin/users/**", "access": "closed"},
            {"path": "/admin/**", "permission": "read"},
        ]);
        let gateway =
            keystead.call(Method::POST, "/v1/gateways", json!({"name": name, "rules": rules})).await;
        let id = gateway["gateway_id"].as_str().unwrap();
        let upstream = upstream::start().await;
        let query = format!("proxy={}&server={}&upstream=http://{upstream}", kind.word, keystead.address());
        let path = format!("/v1/gateways/{id}/snippet?{query}");
        let snippet = keystead.call(Method::GET, &path, Value::Null).await;
        let folder = tempfile::tempdir().unwrap();
        let configuration = (kind.change)(snippet["text"].as_str().unwrap(), keystead);
        let proxy = (kind.start)(&configuration, &folder);
        let client = Client::builder().no_proxy().build().unwrap();
        Self { kind: kind.word, client, proxy, _folder: folder }
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.proxy.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// Sends a request byte for byte, and returns the status and the body of the answer.
    pub async fn raw(&self, path: &str, lines: &[&str]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.host()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{}\r\n\r\n", lines.join("\r\n"));
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // Some proxies keep the connection open if `Connection` has other values besides `close`.
        while !is_whole(&answer) && read_some(&mut stream, &mut answer).await {}
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no answer: {answer}")), body.to_owned())
    }

    /// Host and port of the proxy.
    pub fn host(&self) -> &str {
        self.proxy.address.trim_start_matches("http://")
    }

    /// Sends a body of this length.
    pub async fn upload(&self, path: &str, key: &str, length: usize) -> Response {
        let request = self.client.post(format!("{}{path}", self.proxy.address)).bearer_auth(key);
        request.body(vec![b'x'; length]).send().await.unwrap()
    }

    pub async fn get(&self, path: &str, key: &str) -> u16 {
        self.send(Method::GET, path, &[("authorization", &format!("Bearer {key}"))]).await.status().as_u16()
    }
}

async fn read_some(stream: &mut TcpStream, answer: &mut Vec<u8>) -> bool {
    timeout(Duration::from_secs(10), stream.read_buf(answer))
        .await
        .expect("an answer")
        .is_ok_and(|read| read > 0)
}

/// Whether the body of an answer is as long as its head says.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let length = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.and_then(|(_, length)| length.parse().ok()).is_some_and(|length: usize| body.len() >= length)
}
