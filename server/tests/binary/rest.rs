//! A client of the REST API that distinguishes a refusal from a missing answer.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::Value;

use super::ADMIN;

#[derive(Clone)]
pub struct Rest {
    client: Client,
    address: String,
    key: String,
    request_id: Option<String>,
}

#[derive(Debug)]
pub enum Answer {
    /// The server confirmed the request.
    Done(Value),
    /// The status of the refusal.
    Refused(u16),
    /// The outcome is unknown: the connection broke before the whole answer arrived.
    Cut,
}

impl Rest {
    pub fn new(address: &str, key: &str) -> Self {
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
        Self { client, address: address.to_owned(), key: key.to_owned(), request_id: None }
    }

    /// Returns the same client with a request id, which appears in the answers and in the audit log.
    pub fn named(&self, request_id: &str) -> Self {
        Self { request_id: Some(request_id.to_owned()), ..self.clone() }
    }

    /// The path of the admin's keys.
    pub fn keys() -> String {
        format!("/v1/organizations/users/{ADMIN}/api-keys")
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request =
            self.client.request(method, format!("{}{path}", self.address)).bearer_auth(&self.key);
        if let Some(request_id) = &self.request_id {
            request = request.header("x-request-id", request_id);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let Ok(response) = request.send().await else { return Answer::Cut };
        let status = response.status();
        match (status.is_success(), response.json().await) {
            (_, Err(_)) => Answer::Cut,
            (true, Ok(body)) => Answer::Done(body),
            (false, Ok(_)) => Answer::Refused(status.as_u16()),
        }
    }

    pub async fn create(&self, name: &str) -> Answer {
        self.send(Method::POST, &Self::keys(), Some(serde_json::json!({ "name": name }))).await
    }

    pub async fn describe(&self, name: &str, description: &str) -> Answer {
        let body = serde_json::json!({ "description": description });
        self.send(Method::PATCH, &format!("{}/{name}", Self::keys()), Some(body)).await
    }

    pub async fn rotate(&self, name: &str, grace_seconds: u64) -> Answer {
        let body = (grace_seconds > 0).then(|| serde_json::json!({ "grace_period_seconds": grace_seconds }));
        self.send(Method::POST, &format!("{}/{name}/rotate", Self::keys()), body).await
    }

    pub async fn revoke(&self, name: &str) -> Answer {
        self.send(Method::DELETE, &format!("{}/{name}", Self::keys()), None).await
    }

    /// Whether a secret is accepted. The request needs a permission that the key may lack, so the answer to a valid key
    /// is 403. The answer to an invalid one is 401.
    pub async fn accepts(&self, secret: &str) -> bool {
        let path = "/v1/organizations/users/nobody@acme.example";
        let request = self.client.delete(format!("{}{path}", self.address)).bearer_auth(secret);
        match request.send().await.unwrap().status().as_u16() {
            401 => false,
            403 => true,
            other => panic!("neither accepted nor refused: {other}"),
        }
    }

    pub async fn is_ready(&self) -> bool {
        let request = self.client.get(format!("{}/healthz", self.address));
        request.send().await.is_ok_and(|response| response.status() == 200)
    }
}
