//! A proxy between a client and an upstream, with the configuration that was written for it.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::keystead::Keystead;
use crate::proxy::Proxy;
use crate::upstream;

/// A kind of proxy.
#[derive(Clone, Copy)]
pub struct Kind {
    /// For whom the configuration is written.
    pub word: &'static str,
    /// Changes it before it is used.
    pub change: fn(&str, &Keystead) -> String,
    /// Starts the proxy with it.
    pub start: fn(&str, &TempDir) -> Proxy,
}

/// A client of an API behind a proxy, and the proxy.
pub struct Visitor {
    pub kind: &'static str,
    client: Client,
    proxy: Proxy,
    _folder: TempDir,
}

impl Kind {
    /// With the configuration as it is written.
    pub const fn plain(word: &'static str, start: fn(&str, &TempDir) -> Proxy) -> Self {
        Self { word, change: |configuration, _| configuration.to_owned(), start }
    }
}

impl Visitor {
    /// Puts a proxy of a kind between a visitor and an upstream. Its gateway has a name of its own.
    pub async fn behind(keystead: &Keystead, kind: Kind, name: &str) -> Self {
        let rules = json!([
            {"path": "/open", "access": "open"},
            {"method": "GET", "path": "/v1/**", "permission": "read"},
            {"path": "/v1/**", "permission": "write"},
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

    pub async fn get(&self, path: &str, key: &str) -> u16 {
        self.send(Method::GET, path, &[("authorization", &format!("Bearer {key}"))]).await.status().as_u16()
    }
}
