//! Slow and silent clients are disconnected, and a server that stops loses no request.

use std::time::{Duration, Instant};

use server::config::ServeSettings;
use tokio::time::{sleep, timeout};

use crate::support::{TestServer, header, status};

const SHORT: Duration = Duration::from_millis(300);

async fn impatient() -> TestServer {
    TestServer::with(|settings| settings.http.header_timeout = SHORT, |_| {}).await
}

#[expect(clippy::disallowed_methods, reason = "how long a real client is kept is what is tested")]
fn now() -> Instant {
    Instant::now()
}

/// Checks that a time is between 90% and 125% of the limit. On a busy machine, it may be half a second longer.
fn assert_about(elapsed: Duration, limit: Duration) {
    assert!(elapsed >= limit.mul_f32(0.9), "{elapsed:?}");
    assert!(elapsed <= limit.mul_f32(1.25) + Duration::from_millis(500), "{elapsed:?}");
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let server = impatient().await;
    let started = now();
    assert_eq!(server.send_raw("").await, "");
    assert_about(started.elapsed(), SHORT);
}

#[tokio::test]
async fn a_slowly_sent_head_is_cut_off() {
    let server = impatient().await;
    let (mut reading, mut writing) = server.connect().await.0.into_split();
    let drip = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        let mut sent = writing.write_all(b"GET /healthz HTTP/1.1\r\nX-Drop: ").await;
        while sent.is_ok() {
            sleep(Duration::from_millis(20)).await;
            sent = writing.write_all(b"a").await;
        }
    });
    let started = now();
    let mut answer = Vec::new();
    let _reset_or_end =
        timeout(Duration::from_secs(5), tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut answer))
            .await
            .unwrap();
    assert_about(started.elapsed(), SHORT);
    drip.abort();
}

#[tokio::test]
async fn an_idle_connection_may_last_longer_than_a_head() {
    let server = impatient().await;
    let mut client = server.connect().await;
    let request = format!("GET /healthz HTTP/1.1\r\n{}\r\n", server.host_header());
    for _ in 0..2 {
        client.write(&request).await;
        assert_eq!(status(&client.read_answer().await), 200);
        sleep(SHORT * 2).await;
    }
    // After the idle time, the next head has the usual limit again.
    let started = now();
    client.write("GET /he").await;
    assert_eq!(client.read_to_end().await, "");
    assert_about(started.elapsed(), SHORT);
}

#[tokio::test]
async fn an_idle_connection_is_closed_at_its_limit() {
    let server = TestServer::with(|_| {}, |server| server.limits.idle = SHORT).await;
    let mut client = server.connect().await;
    client.write(&format!("GET /healthz HTTP/1.1\r\n{}\r\n", server.host_header())).await;
    client.read_answer().await;
    let started = now();
    assert_eq!(client.read_to_end().await, "");
    let rested = started.elapsed();
    assert!(rested >= SHORT.mul_f32(0.9), "{rested:?}");
    assert!(rested <= SHORT * 2 + Duration::from_millis(500), "{rested:?}");
}

#[tokio::test]
async fn a_connection_with_a_long_request_is_not_idle() {
    let server = TestServer::with(|_| {}, |server| server.limits.idle = SHORT).await;
    let mut client = server.connect().await;
    let headers = format!("{}Content-Length: 10\r\nOrigin: {}\r\n", server.host_header(), server.origin());
    client.write(&format!("POST /nothing HTTP/1.1\r\n{headers}\r\n12345")).await;
    sleep(SHORT * 3).await;
    client.write("67890").await;
    assert_eq!(status(&client.read_answer().await), 404);
    let ended = now();
    assert_eq!(client.read_to_end().await, "");
    assert!(ended.elapsed() >= SHORT.mul_f32(0.9), "the rest began with the answer: {:?}", ended.elapsed());
}

#[tokio::test]
async fn a_body_that_does_not_arrive_gets_503() {
    let server = TestServer::with(|settings| settings.http.request_timeout = SHORT, |_| {}).await;
    let mut client = server.connect().await;
    let started = now();
    let headers = format!("{}Content-Length: 10\r\nOrigin: {}\r\n", server.host_header(), server.origin());
    client.write(&format!("POST /nothing HTTP/1.1\r\n{headers}\r\n12345")).await;
    let answer = client.read_to_end().await;
    assert_eq!(status(&answer), 503);
    assert!(header(&answer, "x-request-id").is_some());
    // Before the connection is closed, the server reads for a moment what the client still sends.
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn while_all_connections_are_in_use_another_one_waits() {
    let server = TestServer::with(|settings| settings.http.connections_max = 1, |_| {}).await;
    let mut first = server.connect().await;
    let headers = format!("{}Origin: {}\r\nContent-Length: 10\r\n", server.host_header(), server.origin());
    first.write(&format!("POST /nothing HTTP/1.1\r\n{headers}Expect: 100-continue\r\n\r\n")).await;
    assert_eq!(status(&first.read_answer().await), 100);

    let mut second = server.connect().await;
    second.write(&format!("GET /healthz HTTP/1.1\r\n{}\r\n", server.host_header())).await;
    assert!(timeout(SHORT, second.read_answer()).await.is_err(), "only one may be served at a time");
    first.write("1234567890").await;
    assert_eq!(status(&first.read_answer().await), 404);
    // The first connection is idle now, so it loses its slot.
    assert_eq!(status(&second.read_answer().await), 200);
    assert_eq!(first.read_to_end().await, "");
}

/// The attack: a client opens all available connections and sends nothing on them, or as little as possible.
#[tokio::test]
async fn idle_connections_do_not_block_new_clients() {
    let change = |settings: &mut ServeSettings| {
        settings.http.connections_max = 20;
        settings.http.header_timeout = Duration::from_hours(1);
    };
    let server = TestServer::with(change, |_| {}).await;
    let healthz = format!("GET /healthz HTTP/1.1\r\n{}\r\n", server.host_header());
    let verify = format!(
        "POST /v1/keys/verify HTTP/1.1\r\n{}Content-Length: 12\r\n\r\n{{\"key\": \"x\"}}",
        server.host_header()
    );
    for said in ["", "GET /healthz HT", &healthz] {
        let mut crowd = Vec::new();
        for _ in 0..60 {
            let mut client = server.connect().await;
            client.write(said).await;
            crowd.push(client);
        }
        for (request, expected) in [(&healthz, 200), (&verify, 401)] {
            let mut client = server.connect().await;
            client.write(request).await;
            assert_eq!(status(&client.read_answer().await), expected, "{said:?}");
        }
    }
}

#[tokio::test]
async fn a_refused_client_gets_the_reason_while_it_is_still_sending() {
    let server = TestServer::start().await;
    let head = format!(
        "POST /nothing HTTP/1.1\r\n{}Origin: {}\r\nContent-Length: 10737418240\r\n\r\n",
        server.host_header(),
        server.origin()
    );
    let mut client = server.connect().await;
    client.write(&head).await;
    for _ in 0..64 {
        client.write(&"x".repeat(64 * 1024)).await;
    }
    assert_eq!(status(&client.read_answer().await), 413);
}

#[tokio::test]
async fn half_sent_requests_are_answered_after_the_stop_signal() {
    let server = TestServer::start().await;
    let host = server.host_header();
    let mut new_head = server.connect().await;
    new_head.write("GET /healthz HT").await;
    let mut later_head = server.connect().await;
    later_head.write(&format!("GET /healthz HTTP/1.1\r\n{host}\r\n")).await;
    later_head.read_answer().await;
    later_head.write("GET /healthz HT").await;
    let mut probe = server.connect().await;
    probe.write("GET /readyz HT").await;
    let mut body = server.connect().await;
    let head =
        format!("POST /nothing HTTP/1.1\r\n{host}Origin: {}\r\nContent-Length: 10\r\n\r\n", server.origin());
    body.write(&format!("{head}12345")).await;
    sleep(Duration::from_millis(50)).await;

    let (stopped, _data) = server.stop();
    sleep(Duration::from_millis(300)).await;
    for client in [&mut new_head, &mut later_head] {
        client.write(&format!("TP/1.1\r\n{host}\r\n")).await;
        let answer = client.read_to_end().await;
        assert_eq!(status(&answer), 200);
        assert_eq!(header(&answer, "connection").as_deref(), Some("close"));
    }
    probe.write(&format!("TP/1.1\r\n{host}\r\n")).await;
    let answer = probe.read_to_end().await;
    assert!(status(&answer) == 503 && answer.contains("The server is stopping."), "{answer}");
    body.write("67890").await;
    assert_eq!(status(&body.read_to_end().await), 404);
    timeout(Duration::from_secs(3), stopped).await.expect("everything has ended").unwrap();
}

#[tokio::test]
async fn a_server_without_work_stops_at_once() {
    let server = TestServer::start().await;
    let silent = server.connect().await;
    let mut resting = server.connect().await;
    resting.write(&format!("GET /healthz HTTP/1.1\r\n{}\r\n", server.host_header())).await;
    resting.read_answer().await;
    let (stopped, _data) = server.stop();
    timeout(Duration::from_secs(3), stopped).await.expect("nothing to wait for").unwrap();
    drop(silent);
}
