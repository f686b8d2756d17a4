//! Sends requests to the server's request handling directly, without a network.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::response::Response;
use http::Request;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use server::fast_path::FastPath;

use super::{Reply, described};

const PEER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// A client with one credential, or none.
#[derive(Clone)]
pub struct Client {
    fast_path: FastPath,
    key: Option<String>,
    /// Whether requests bypass the fast path.
    is_routed: bool,
}

impl Client {
    pub fn new(fast_path: &FastPath, key: Option<&str>) -> Self {
        Self { fast_path: fast_path.clone(), key: key.map(str::to_owned), is_routed: false }
    }

    /// Returns the same client, whose requests all go to the router.
    pub fn routed(&self) -> Self {
        Self { is_routed: true, ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, &[("content-type", "application/json")], Body::from(body.to_string())).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send("PATCH", path, &[("content-type", "application/json")], Body::from(body.to_string())).await
    }

    /// Posts without a body, as the published client does to rotate a key.
    pub async fn post_nothing(&self, path: &str) -> Reply {
        self.send("POST", path, &[("content-length", "0")], Body::empty()).await
    }

    /// Patches on the condition that the version is still `tag` (`If-Match`).
    pub async fn patch_seen(&self, path: &str, tag: &str, body: Value) -> Reply {
        let headers = [("content-type", "application/json"), ("if-match", tag)];
        self.send("PATCH", path, &headers, Body::from(body.to_string())).await
    }

    /// Posts bytes that need not be JSON.
    pub async fn post_bytes(&self, path: &str, body: impl Into<Vec<u8>>) -> Reply {
        self.send("POST", path, &[], Body::from(body.into())).await
    }

    /// Returns the response before its body has been read.
    pub async fn open(&self, path: &str) -> Response {
        let mut request = Request::builder().uri(path);
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        self.fast_path.answer(PEER, request.body(Body::empty()).unwrap()).await.map(Body::new)
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        let answer = if self.is_routed {
            self.fast_path.answer_by_router(PEER, request).await
        } else {
            self.fast_path.answer(PEER, request).await.map(Body::new)
        };
        let reply = Reply::of(answer).await;
        described::assert_described(method, path, &reply);
        reply
    }
}

/// Percent-encodes as the published client does: everything but letters, digits and `_.-~`.
pub fn encode(text: &str) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~');
    utf8_percent_encode(text, ENCODED).to_string()
}

pub fn user_at(email: &str) -> String {
    format!("/v1/organizations/users/{}", encode(email))
}

pub fn keys_of(email: &str) -> String {
    format!("{}/api-keys", user_at(email))
}

pub fn key_at(email: &str, name: &str) -> String {
    format!("{}/{}", keys_of(email), encode(name))
}
