//! Clients that take their time are let go, and nobody else waits for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::TURN;
use crate::binary::{Answer, Place, Rest};

const CLIENTS: usize = 150;
/// What the settings declare, for heads and for bodies.
const LIMIT: Duration = Duration::from_secs(8);
const OTHERS_P95_MAX: Duration = Duration::from_millis(500);

/// In which way a client is slow.
#[derive(Debug, Clone, Copy)]
enum Slow {
    Silent,
    Head,
    Body,
}

impl Slow {
    /// What is sent at once.
    fn first(self, host: &str) -> String {
        match self {
            Self::Silent => String::new(),
            Self::Head => format!("POST /v1/organizations/users HTTP/1.1\r\nHost: {host}\r\nX-Drop: "),
            Self::Body => format!(
                "POST /v1/organizations/users HTTP/1.1\r\nHost: {host}\r\nContent-Length: 60000\r\n\r\n{{\"email\":\""
            ),
        }
    }

    /// Connects, sends a letter now and then, and tells how long it was kept.
    async fn be(self, host: String) -> Duration {
        let started = Instant::now();
        let (mut reading, mut writing) = TcpStream::connect(&host).await.unwrap().into_split();
        writing.write_all(self.first(&host).as_bytes()).await.unwrap();
        let drip = tokio::spawn(async move {
            while !matches!(self, Self::Silent) && writing.write_all(b"a").await.is_ok() {
                sleep(Duration::from_millis(200)).await;
            }
            // Held open: it is the server that has to end this.
            std::future::pending::<()>().await;
        });
        let mut answer = Vec::new();
        let ended = timeout(LIMIT * 3, reading.read_to_end(&mut answer)).await;
        drip.abort();
        assert!(ended.is_ok(), "{self:?}: still there");
        started.elapsed()
    }
}

/// Works as usual until told to stop, and gives how long each request took.
async fn work(rest: Rest, number: usize, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut took = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let (started, name) = (Instant::now(), format!("w{number}-{}", took.len()));
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
async fn slow_clients_are_let_go_in_time_and_hold_up_nobody() {
    let _turn = TURN.lock().await;
    let place = Place::new();
    let made = place.bootstrap(&[]);
    let seconds = LIMIT.as_secs().to_string();
    let server = place.start(&["--header-timeout-seconds", &seconds, "--request-timeout-seconds", &seconds]);
    let mut slow = JoinSet::new();
    for number in 0..CLIENTS {
        let how = [Slow::Silent, Slow::Head, Slow::Body][number % 3];
        let host = server.host().to_owned();
        slow.spawn(async move { (how, how.be(host).await) });
    }
    let (stop, mut others) = (Arc::new(AtomicBool::new(false)), JoinSet::new());
    for number in 0..4 {
        let rest = Rest::new(&server.address, made["admin_key"].as_str().unwrap());
        others.spawn(work(rest, number, stop.clone()));
    }
    for (how, kept) in slow.join_all().await {
        assert!(kept >= LIMIT.mul_f32(0.9), "{how:?}: let go after {kept:?} already");
        assert!(kept <= LIMIT.mul_f32(1.25), "{how:?}: kept for {kept:?}");
    }
    stop.store(true, Ordering::Relaxed);
    let mut took: Vec<_> = others.join_all().await.into_iter().flatten().collect();
    took.sort_unstable();
    let p95 = took[took.len() * 95 / 100];
    println!("{CLIENTS} slow clients; of {} other requests the p95 is {p95:?}", took.len());
    assert!(took.len() > 200 && p95 < OTHERS_P95_MAX, "{} requests, p95 {p95:?}", took.len());
}
