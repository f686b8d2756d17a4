//! Slow clients are disconnected in time, and they do not slow down other clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::TURN;
use crate::binary::{Answer, Rest, TestFolder};

const CLIENTS: usize = 150;
/// The time limit for heads and for requests, as set in the server's settings.
const LIMIT: Duration = Duration::from_secs(8);
/// Limits for the p95 of other clients' requests while slow clients are connected. The larger one applies: an absolute
/// time, or a multiple of the p95 on this machine without slow clients.
const OTHERS_P95_MAX: Duration = Duration::from_millis(500);
const OTHERS_RATIO_MAX: u32 = 3;

#[derive(Debug, Clone, Copy)]
enum SlowClient {
    Silent,
    Head,
    Body,
}

impl SlowClient {
    /// What the client sends at once. The body is only read if the request has a valid key.
    fn first(self, host: &str, key: &str) -> String {
        match self {
            Self::Silent => String::new(),
            Self::Head => format!("POST /v1/organizations/users HTTP/1.1\r\nHost: {host}\r\nX-Drop: "),
            Self::Body => format!(
                "POST /v1/organizations/users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\
                 Content-Length: 60000\r\n\r\n{{\"email\":\""
            ),
        }
    }

    /// Connects, sends a byte now and then, and returns how long the server kept the connection.
    async fn be(self, host: String, key: String) -> Duration {
        let started = Instant::now();
        let (mut reading, mut writing) = TcpStream::connect(&host).await.unwrap().into_split();
        writing.write_all(self.first(&host, &key).as_bytes()).await.unwrap();
        let drip = tokio::spawn(async move {
            while !matches!(self, Self::Silent) && writing.write_all(b"a").await.is_ok() {
                sleep(Duration::from_millis(200)).await;
            }
            // Keeps the connection open, so that the server has to close it.
            std::future::pending::<()>().await;
        });
        let mut answer = Vec::new();
        let ended = timeout(LIMIT * 3, reading.read_to_end(&mut answer)).await;
        drip.abort();
        assert!(ended.is_ok(), "{self:?}: still connected");
        started.elapsed()
    }
}

/// Sends normal requests until `stop` is set, and returns how long each took.
async fn work(rest: Rest, salt: String, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut took = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let (started, name) = (Instant::now(), format!("{salt}-{}", took.len()));
        let answer = if took.len() % 5 == 0 {
            rest.create(&name).await
        } else {
            rest.send(reqwest::Method::GET, "/v1/organizations", None).await
        };
        assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
        took.push(started.elapsed());
        sleep(Duration::from_millis(20)).await;
    }
    took
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_are_disconnected_in_time_and_block_nobody() {
    let _turn = TURN.lock().await;
    let place = TestFolder::new();
    let made = place.bootstrap(&[]);
    let seconds = LIMIT.as_secs().to_string();
    let server = place.start(&["--header-timeout-seconds", &seconds, "--request-timeout-seconds", &seconds]);
    let key = made["admin_key"].as_str().unwrap();
    let undisturbed =
        p95(others(&server.address, key, "u", async { sleep(Duration::from_secs(2)).await }).await.1);
    let mut slow = JoinSet::new();
    for number in 0..CLIENTS {
        let how = [SlowClient::Silent, SlowClient::Head, SlowClient::Body][number % 3];
        let (host, key) = (server.host().to_owned(), key.to_owned());
        slow.spawn(async move { (how, how.be(host, key).await) });
    }
    let (slow, took) = others(&server.address, key, "w", slow.join_all()).await;
    for (how, kept) in slow {
        assert!(kept >= LIMIT.mul_f32(0.9), "{how:?}: disconnected after only {kept:?}");
        assert!(kept <= LIMIT.mul_f32(1.25), "{how:?}: still connected after {kept:?}");
    }
    let (count, disturbed) = (took.len(), p95(took));
    println!(
        "{CLIENTS} slow clients; of {count} other requests the p95 is {disturbed:?}, {undisturbed:?} without"
    );
    let allowed = OTHERS_P95_MAX.max(undisturbed * OTHERS_RATIO_MAX);
    assert!(count > 50 && disturbed < allowed, "{count} requests, p95 {disturbed:?}, allowed {allowed:?}");
}

/// Runs four normal clients while `meanwhile` is in progress. Returns its outcome and how long each request took.
async fn others<T>(
    address: &str,
    key: &str,
    salt: &'static str,
    meanwhile: impl Future<Output = T>,
) -> (T, Vec<Duration>) {
    let (stop, mut others) = (Arc::new(AtomicBool::new(false)), JoinSet::new());
    for number in 0..4 {
        others.spawn(work(Rest::new(address, key), format!("{salt}{number}"), stop.clone()));
    }
    let outcome = meanwhile.await;
    stop.store(true, Ordering::Relaxed);
    (outcome, others.join_all().await.into_iter().flatten().collect())
}

fn p95(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() * 95 / 100]
}
