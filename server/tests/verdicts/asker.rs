//! Whoever asks about keys, and notes when.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::grpc::{Checked, GrpcClient, UNAVAILABLE};

/// A client that asks with one key about others.
#[derive(Clone)]
pub struct Asker {
    client: Client,
    address: String,
    key: String,
    grpc: Option<GrpcClient>,
}

/// One question and what was said.
#[derive(Debug, Clone)]
pub struct Ask {
    pub started: Instant,
    pub ended: Instant,
    pub said: Said,
}

/// What was said of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It may.
    Yes,
    /// It may not; why, in a word.
    No(String),
    /// Not now: try again after so many seconds.
    Later(u64),
}

impl Asker {
    pub fn new(address: &str, key: &str) -> Self {
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        Self { client, address: address.to_owned(), key: key.to_owned(), grpc: None }
    }

    /// Asks whether a key may write.
    pub async fn verify(&self, secret: &str) -> Ask {
        let started = Instant::now();
        let question = json!({"key": secret, "permissions": ["write"]});
        let request = self.client.post(format!("{}/v1/keys/verify", self.address)).bearer_auth(&self.key);
        let response = request.json(&question).send().await.unwrap();
        let said = match response.status().as_u16() {
            200 => {
                let body: Value = response.json().await.unwrap();
                let code = body["code"].as_str().unwrap();
                assert_eq!(body["valid"], code == "VALID", "{body}");
                if code == "VALID" { Said::Yes } else { Said::No(code.to_owned()) }
            }
            _ => later(response).await,
        };
        Ask { started, ended: Instant::now(), said }
    }

    /// Shows a key as a credential of its own.
    pub async fn show(&self, secret: &str) -> Ask {
        let started = Instant::now();
        let request = self.client.get(format!("{}/v1/me", self.address)).bearer_auth(secret);
        let response = request.send().await.unwrap();
        let said = match response.status().as_u16() {
            200 => Said::Yes,
            401 => Said::No("401".to_owned()),
            _ => later(response).await,
        };
        Ask { started, ended: Instant::now(), said }
    }

    /// Asks about a key as a proxy does, before it lets `GET /v1/x` pass.
    pub async fn ask_as(&self, proxy: &str, gateway: &str, secret: &str) -> Ask {
        let started = Instant::now();
        let path = if proxy == "envoy" { "envoy/v1/x" } else { proxy };
        let request = self.client.get(format!("{}/auth/{gateway}/{path}", self.address)).bearer_auth(secret);
        let request = match proxy {
            "nginx" => request.header("x-original-method", "GET").header("x-original-uri", "/v1/x"),
            _ => request.header("x-forwarded-method", "GET").header("x-forwarded-uri", "/v1/x"),
        };
        let response = request.send().await.unwrap();
        let decision = response.headers().get("x-key-decision").map(|word| word.to_str().unwrap().to_owned());
        let said = match (response.status().as_u16(), decision) {
            (200, Some(word)) if word == "allowed" => Said::Yes,
            (401, Some(word)) if word == "invalid_key" => Said::No(word),
            (503, None) => later(response).await,
            other => panic!("{proxy}: {other:?}"),
        };
        Ask { started, ended: Instant::now(), said }
    }

    /// The same as Envoy does it over gRPC, on one connection as long as it holds.
    pub async fn ask_over_grpc(&mut self, address: SocketAddr, gateway: &str, secret: &str) -> Ask {
        let started = Instant::now();
        let mut client = match self.grpc.take() {
            Some(client) => client,
            None => GrpcClient::connect(address).await.unwrap(),
        };
        let bearer = format!("Bearer {secret}");
        let said = match client.check(gateway, &[("authorization", &bearer)]).await.unwrap() {
            Checked::Allowed => Said::Yes,
            Checked::Denied(401, word) if word == "invalid_key" => Said::No(word),
            // Envoy asks anew with the next request.
            Checked::Failed(UNAVAILABLE) => Said::Later(1),
            other => panic!("{other:?}"),
        };
        self.grpc = Some(client);
        Ask { started, ended: Instant::now(), said }
    }

    /// Asks about a key all the time, in several places at once, until told to stop.
    pub fn keep_asking(&self, secret: &str, callers: usize) -> Asking {
        let is_over = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for _ in 0..callers {
            let (asker, secret, is_over) = (self.clone(), secret.to_owned(), is_over.clone());
            tasks.spawn(async move {
                let mut asks = Vec::new();
                while !is_over.load(Ordering::SeqCst) {
                    asks.push(asker.verify(&secret).await);
                }
                asks
            });
        }
        Asking { is_over, tasks }
    }

    /// Waits until a key is accepted, for so long.
    pub async fn accepted_within(&self, secret: &str, limit: Duration) -> Duration {
        let start = Instant::now();
        while self.verify(secret).await.said != Said::Yes {
            assert!(start.elapsed() < limit, "not accepted within {limit:?}");
            sleep(Duration::from_millis(20)).await;
        }
        start.elapsed()
    }
}

/// Those who ask.
pub struct Asking {
    is_over: Arc<AtomicBool>,
    tasks: JoinSet<Vec<Ask>>,
}

impl Asking {
    /// All that was asked, the first first.
    pub async fn end(self) -> Vec<Ask> {
        self.is_over.store(true, Ordering::SeqCst);
        let mut asks = self.tasks.join_all().await.concat();
        asks.sort_by_key(|ask| ask.started);
        asks
    }
}

/// Whatever is no verdict says that it is none, and when to ask again.
async fn later(response: Response) -> Said {
    let status = response.status();
    let wait = response.headers().get("retry-after").map(|value| value.to_str().unwrap().parse().unwrap());
    let text = response.text().await.unwrap();
    assert_eq!(status, 503, "{text}");
    Said::Later(wait.unwrap_or_else(|| panic!("503 without Retry-After: {text}")))
}
