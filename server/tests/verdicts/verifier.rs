//! A client that sends verify requests and records when each was sent and answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::grpc::{Checked, GrpcClient, UNAVAILABLE};

/// A client that asks about keys, authenticated by a key of its own.
#[derive(Clone)]
pub struct Verifier {
    client: Client,
    address: String,
    key: String,
    grpc: Option<GrpcClient>,
}

/// One verify request with its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub started: Instant,
    pub ended: Instant,
    pub outcome: Reply,
}

/// The answer to a verify request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The key is valid.
    Yes,
    /// The key is not valid, with the reason as a code.
    No(String),
    /// No verdict: try again after so many seconds.
    Later(u64),
}

impl Verifier {
    pub fn new(address: &str, key: &str) -> Self {
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        Self { client, address: address.to_owned(), key: key.to_owned(), grpc: None }
    }

    /// Verifies whether a key may write.
    pub async fn verify(&self, secret: &str) -> Exchange {
        let started = Instant::now();
        let verify_request = json!({"key": secret, "permissions": ["write"]});
        let request = self.client.post(format!("{}/v1/keys/verify", self.address)).bearer_auth(&self.key);
        let response = request.json(&verify_request).send().await.unwrap();
        let outcome = match response.status().as_u16() {
            200 => {
                let body: Value = response.json().await.unwrap();
                let code = body["code"].as_str().unwrap();
                assert_eq!(body["valid"], code == "VALID", "{body}");
                if code == "VALID" { Reply::Yes } else { Reply::No(code.to_owned()) }
            }
            _ => read_retry_later(response).await,
        };
        Exchange { started, ended: Instant::now(), outcome }
    }

    /// Uses a key as a credential.
    pub async fn show(&self, secret: &str) -> Exchange {
        let started = Instant::now();
        let request = self.client.get(format!("{}/v1/me", self.address)).bearer_auth(secret);
        let response = request.send().await.unwrap();
        let outcome = match response.status().as_u16() {
            200 => Reply::Yes,
            401 => Reply::No("401".to_owned()),
            _ => read_retry_later(response).await,
        };
        Exchange { started, ended: Instant::now(), outcome }
    }

    /// Asks about a key as a proxy does before it lets `GET /v1/x` pass.
    pub async fn ask_as(&self, proxy: &str, gateway: &str, secret: &str) -> Exchange {
        let started = Instant::now();
        let path = if proxy == "envoy" { "envoy/v1/x" } else { proxy };
        let request = self.client.get(format!("{}/auth/{gateway}/{path}", self.address)).bearer_auth(secret);
        let request = match proxy {
            "nginx" => request.header("x-original-method", "GET").header("x-original-uri", "/v1/x"),
            _ => request.header("x-forwarded-method", "GET").header("x-forwarded-uri", "/v1/x"),
        };
        let response = request.send().await.unwrap();
        let decision = response.headers().get("x-key-decision").map(|word| word.to_str().unwrap().to_owned());
        let outcome = match (response.status().as_u16(), decision) {
            (200, Some(word)) if word == "allowed" => Reply::Yes,
            (401, Some(word)) if word == "invalid_key" => Reply::No(word),
            (503, None) => read_retry_later(response).await,
            other => panic!("{proxy}: {other:?}"),
        };
        Exchange { started, ended: Instant::now(), outcome }
    }

    /// As [`Self::ask_as`], but as Envoy does it over gRPC. Uses one connection as long as it works.
    pub async fn ask_over_grpc(&mut self, address: SocketAddr, gateway: &str, secret: &str) -> Exchange {
        let started = Instant::now();
        let mut client = match self.grpc.take() {
            Some(client) => client,
            None => GrpcClient::connect(address).await.unwrap(),
        };
        let bearer = format!("Bearer {secret}");
        let outcome = match client.check(gateway, &[("authorization", &bearer)]).await.unwrap() {
            Checked::Allowed => Reply::Yes,
            Checked::Denied(401, word) if word == "invalid_key" => Reply::No(word),
            // An answer over gRPC has no retry time. Envoy asks again with the next request.
            Checked::Failed(UNAVAILABLE) => Reply::Later(1),
            other => panic!("{other:?}"),
        };
        self.grpc = Some(client);
        Exchange { started, ended: Instant::now(), outcome }
    }

    /// Verifies a key all the time, with `callers` concurrent tasks, until [`RequestLoop::end`].
    pub fn keep_asking(&self, secret: &str, callers: usize) -> RequestLoop {
        let is_over = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for _ in 0..callers {
            let (verifier, secret, is_over) = (self.clone(), secret.to_owned(), is_over.clone());
            tasks.spawn(async move {
                let mut asks = Vec::new();
                while !is_over.load(Ordering::SeqCst) {
                    asks.push(verifier.verify(&secret).await);
                }
                asks
            });
        }
        RequestLoop { is_over, tasks }
    }

    /// Waits until a key is accepted, and returns how long that took. Fails after `limit`.
    pub async fn accepted_within(&self, secret: &str, limit: Duration) -> Duration {
        let start = Instant::now();
        while self.verify(secret).await.outcome != Reply::Yes {
            assert!(start.elapsed() < limit, "not accepted within {limit:?}");
            sleep(Duration::from_millis(20)).await;
        }
        start.elapsed()
    }
}

/// Tasks that ask all the time.
pub struct RequestLoop {
    is_over: Arc<AtomicBool>,
    tasks: JoinSet<Vec<Exchange>>,
}

impl RequestLoop {
    /// Stops asking, and returns all verify requests in the order in which they were sent.
    pub async fn end(self) -> Vec<Exchange> {
        self.is_over.store(true, Ordering::SeqCst);
        let mut asks = self.tasks.join_all().await.concat();
        asks.sort_by_key(|ask| ask.started);
        asks
    }
}

/// Checks that an answer without a verdict is a 503 that says when to try again.
async fn read_retry_later(response: Response) -> Reply {
    let status = response.status();
    let wait = response.headers().get("retry-after").map(|value| value.to_str().unwrap().parse().unwrap());
    let text = response.text().await.unwrap();
    assert_eq!(status, 503, "{text}");
    Reply::Later(wait.unwrap_or_else(|| panic!("503 without Retry-After: {text}")))
}
