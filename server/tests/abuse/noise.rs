//! Sends thousands of broken requests. The server survives, and none of them causes a server error.
//!
//! `KEYSTEAD_TEST_REQUESTS` sets the number of requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::TURN;
use crate::binary::{ADMIN, Answer, Dice, Rest, TestFolder};
use crate::mutation::Request;

const CLIENTS: u32 = 20;
const REQUESTS_USUAL: u32 = 5000;
/// How long a client waits for more of an answer. This is short, because the server does not answer an incomplete
/// request for a long time.
const TIMEOUT: Duration = Duration::from_millis(150);
/// Internal details that no answer may contain.
const INTERNALS: [&str; 6] = ["panicked", "sqlite", "sqlx", "SELECT ", ".rs:", "/src/"];

/// How long to wait for the answer to a complete request, even on a busy machine.
const ASSURANCE: Duration = Duration::from_secs(20);

/// Sends a request and reads the answer until its end, or until nothing more arrives within `patience`.
async fn answer(host: &str, request: &[u8], patience: Duration) -> String {
    let mut client = TcpStream::connect(host).await.unwrap();
    let _cut = client.write_all(request).await;
    let (mut answer, mut piece) = (Vec::new(), vec![0; 16 * 1024]);
    let mut wait = patience;
    while let Ok(Ok(read @ 1..)) = timeout(wait, client.read(&mut piece)).await {
        answer.extend_from_slice(&piece[..read]);
        wait = TIMEOUT;
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_broken_requests_cause_no_failure() {
    let _turn = TURN.lock().await;
    let place = TestFolder::new();
    std::fs::write(place.path("password"), "correct horse battery").unwrap();
    let made = place.bootstrap(&["--password-file", "password"]);
    let key = made["admin_key"].as_str().unwrap();
    let server = place.start(&["--rate-limit-default", "2000000000"]);
    let cookie = sign_in(&server.address).await;
    let requests = Arc::new(Request::all(key, &server.address, &cookie));
    for request in &*requests {
        // The unchanged request must succeed, so that its mutations reach code beyond the first checks.
        let answer = answer(server.host(), &request.as_it_is(), ASSURANCE).await;
        assert!(answer.starts_with("HTTP/1.1 2"), "{request:?}\n{answer}");
    }

    let number = std::env::var("KEYSTEAD_TEST_REQUESTS").map_or(REQUESTS_USUAL, |text| text.parse().unwrap());
    let of_each = number.div_ceil(CLIENTS);
    let answered = Arc::new(AtomicU32::new(0));
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let (host, requests, answered) = (server.host().to_owned(), requests.clone(), answered.clone());
        clients.spawn(async move {
            let mut dice = Dice::seeded(u64::from(number) + 1);
            for _ in 0..of_each {
                let request = dice.pick(&requests).mutated(&requests, &mut dice);
                let answer = answer(&host, &request, TIMEOUT).await;
                let shown = String::from_utf8_lossy(&request);
                assert!(!answer.starts_with("HTTP/1.1 5"), "{shown}\n\n{answer}");
                for internal in INTERNALS {
                    assert!(shown.contains(internal) || !answer.contains(internal), "{shown}\n\n{answer}");
                }
                answered.fetch_add(u32::from(!answer.is_empty()), Ordering::Relaxed);
            }
        });
    }
    clients.join_all().await;
    let answered = answered.load(Ordering::Relaxed);
    assert!(answered > CLIENTS * of_each * 3 / 4, "only {answered} were answered");
    println!("{answered} of {} broken requests were answered, none with a server error.", CLIENTS * of_each);
    let rest = Rest::new(&server.address, key);
    assert!(matches!(rest.create("after the noise").await, Answer::Done(_)));
    let log = place.log();
    let failures: Vec<_> =
        log.lines().filter(|line| line.contains("http.status=5") || line.contains("panicked")).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

async fn sign_in(address: &str) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("{address}/console/api/session/sign_in")).header("origin", address);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let form = format!("email={ADMIN}&password=correct horse battery");
    let response = request.header("accept", "application/json").body(form).send().await.unwrap();
    response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}
