//! Sends requests of programs and of a browser, and keeps all answers.

use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use crate::binary::Running;
use crate::forms::{Needle, Search};

/// A client that keeps every answer.
pub struct Recorder {
    client: Client,
    address: String,
    cookie: Option<String>,
    answers: Vec<(String, Vec<u8>)>,
}

pub struct Taken {
    pub status: u16,
    pub text: String,
}

impl Recorder {
    pub fn new(server: &Running) -> Self {
        let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { client, address: server.address.clone(), cookie: None, answers: Vec::new() }
    }

    /// Sends a request that the closure completes.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        complete: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Taken {
        let what = format!("the answer to {method} {path}");
        let request = complete(self.client.request(method, format!("{}{path}", self.address)));
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let mut answer = format!("{:?}\n", response.headers()).into_bytes();
        let body = response.bytes().await.unwrap();
        answer.extend_from_slice(&body);
        self.answers.push((what, answer));
        Taken { status, text: String::from_utf8_lossy(&body).into_owned() }
    }

    /// Calls the REST API with a key.
    pub async fn call(&mut self, method: Method, path: &str, key: &str, body: Option<Value>) -> Taken {
        self.send(method, path, |request| match body {
            Some(body) => request.bearer_auth(key).json(&body),
            None => request.bearer_auth(key),
        })
        .await
    }

    /// Signs in to the console, and returns the session's token.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> String {
        let form = format!("email={email}&password={password}");
        let request = self.client.post(format!("{}/console/api/session/sign_in", self.address));
        let request = request.header("origin", &self.address).header("accept", "application/json");
        let response = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let token = cookie.split_once('=').unwrap().1.to_owned();
        self.cookie = Some(cookie);
        token
    }

    pub async fn open(&mut self, path: &str) -> Taken {
        let cookie = self.cookie.clone().unwrap_or_default();
        let page = self.send(Method::GET, path, |request| {
            request.header("cookie", cookie).header("accept", "text/html")
        });
        page.await
    }

    pub async fn function(&mut self, name: &str, body: Value) -> Taken {
        let (cookie, origin) = (self.cookie.clone().unwrap_or_default(), self.address.clone());
        let path = format!("/console/api/{name}");
        let call = self.send(Method::POST, &path, |request| {
            request.header("cookie", cookie).header("origin", origin).json(&body)
        });
        call.await
    }

    /// Checks that each secret appeared in exactly `times` answers, and always unencoded.
    pub fn assert_shown(&self, needles: &[Needle], times: usize) {
        let search = Search::new(needles);
        let mut shown: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for (what, answer) in &self.answers {
            let found: BTreeMap<&str, &Needle> =
                search.find(answer).map(|(needle, _)| (needle.what.as_str(), needle)).collect();
            for (name, needle) in found {
                assert!(needle.is_plainly_in(answer), "{name} is in {what}, encoded");
                shown.entry(name).or_default().push(what);
            }
        }
        for needle in needles {
            let places = shown.remove(needle.what.as_str()).unwrap_or_default();
            assert_eq!(places.len(), times, "{} is in {places:?}", needle.what);
        }
    }
}
