//! Clients that ask about keys all the time, through the load balancer and at each node.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::keys::Keys;

/// Clients for each address.
const CLIENTS: usize = 2;
/// Longer than a node may take to find out that it cannot answer.
const TIMEOUT: Duration = Duration::from_secs(8);

/// A verify request and what came of it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The number of the address that was asked.
    pub target: usize,
    pub key: usize,
    pub started: Instant,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Valid,
    Invalid(String),
    /// A failure of any kind, which says nothing about the key.
    None,
}

pub struct Clients {
    is_over: Arc<AtomicBool>,
    tasks: JoinSet<Vec<Exchange>>,
}

impl Clients {
    pub fn start(addresses: &[String], admin: &str, keys: &Arc<Keys>) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for (target, address) in addresses.iter().enumerate() {
            for number in 0..CLIENTS {
                let client = Client::builder().no_proxy().timeout(TIMEOUT).build().unwrap();
                let (admin, keys, is_over) = (admin.to_owned(), keys.clone(), is_over.clone());
                let path = format!("{address}/v1/keys/verify");
                tasks.spawn(async move {
                    let (mut exchanges, mut round) = (Vec::new(), number);
                    while !is_over.load(Ordering::SeqCst) {
                        let (key, secret) = keys.choose(round);
                        round += 1;
                        let started = Instant::now();
                        let verdict = verify(&client, &path, &admin, &secret).await;
                        if verdict == Verdict::None {
                            // A client that cannot connect must not keep a processor busy.
                            sleep(Duration::from_millis(5)).await;
                        }
                        exchanges.push(Exchange { target, key, started, verdict });
                    }
                    exchanges
                });
            }
        }
        Self { is_over, tasks }
    }

    pub async fn end(self) -> Vec<Exchange> {
        self.is_over.store(true, Ordering::SeqCst);
        self.tasks.join_all().await.concat()
    }
}

pub async fn verify(client: &Client, path: &str, admin: &str, secret: &str) -> Verdict {
    let request = client.post(path).bearer_auth(admin).json(&json!({"key": secret}));
    let Ok(response) = request.send().await else { return Verdict::None };
    let status = response.status().as_u16();
    let Ok(text) = response.text().await else { return Verdict::None };
    match status {
        200 => {
            let body: Value = serde_json::from_str(&text).unwrap();
            let code = body["code"].as_str().unwrap();
            if body["valid"] == true { Verdict::Valid } else { Verdict::Invalid(code.to_owned()) }
        }
        502..=504 => Verdict::None,
        // The client's own key, which lives, was refused, or the node failed.
        _ => panic!("{status}: {text}"),
    }
}
