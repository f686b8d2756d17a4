//! Clients that occupy all connections without using them.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::TURN;
use crate::binary::{Answer, Rest, TestFolder};

const CONNECTIONS: usize = 200;
/// The time limit for heads. It is so long that no silent connection reaches it during this test.
const HEADER_SECONDS: &str = "3600";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_connections_do_not_block_other_clients() {
    let _turn = TURN.lock().await;
    let place = TestFolder::new();
    let made = place.bootstrap(&[]);
    let connections = CONNECTIONS.to_string();
    let server =
        place.start(&["--connections-max", &connections, "--header-timeout-seconds", HEADER_SECONDS]);
    let key = made["admin_key"].as_str().unwrap();
    let mut silent = Vec::new();
    for _ in 0..CONNECTIONS * 2 {
        silent.push(TcpStream::connect(server.host()).await.unwrap());
    }
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        // A new client each time, so that it needs a new connection.
        let (rest, started) = (Rest::new(&server.address, key), Instant::now());
        let verdict = rest.send(reqwest::Method::POST, "/v1/keys/verify", Some(json!({ "key": key }))).await;
        assert!(matches!(&verdict, Answer::Done(verdict) if verdict["valid"] == true), "{verdict:?}");
        let health = reqwest::get(format!("{}/healthz", server.address)).await.unwrap();
        assert_eq!(health.status(), 200);
        slowest = slowest.max(started.elapsed());
    }
    println!(
        "{} silent connections on {CONNECTIONS} slots; the slowest answer took {slowest:?}",
        silent.len()
    );
    // The oldest silent connections were closed to make room.
    let mut ends: JoinSet<_> = silent
        .drain(..CONNECTIONS)
        .map(
            |mut stream| async move { timeout(Duration::from_secs(30), stream.read(&mut [0])).await.is_ok() },
        )
        .collect();
    while let Some(has_ended) = ends.join_next().await {
        assert!(has_ended.unwrap(), "one is still open");
    }
}
