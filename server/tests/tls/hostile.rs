//! Clients that do not speak TLS, or do so slowly, cost little and block nobody.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{TIMEOUT, request, send_plain, status};
use crate::node::{Node, now, wait_for_line};

#[tokio::test]
async fn plain_http_on_the_port_with_tls_is_told_so() {
    let node = Node::start(&[]);
    let body = "a".repeat(100_000);
    for (line, body) in [("GET /", ""), ("POST /v1/keys/verify", &*body)] {
        let answer = send_plain(node.tls, request(line, "localhost", "", body).as_bytes()).await;
        assert_eq!(status(&answer), 400, "{answer}");
        assert!(answer.contains("This port speaks only https."), "{answer}");
    }
}

#[tokio::test]
async fn garbage_is_cut_off_and_logged_once_a_minute() {
    let node = Node::start(&[]);
    for _ in 0..50 {
        for bytes in [&[0x16, 3, 1, 0, 4, 0xff, 0, 0, 0][..], &[0x80, 0x2e, 1], &[0; 100], b"SSH-2.0-x\r\n"] {
            let answer = send_plain(node.tls, bytes).await;
            assert!(!answer.contains("HTTP/1.1 200"), "{answer}");
        }
    }
    assert_eq!(status(&node.client().send("localhost", "GET /healthz", "", "").await), 200);
    let lines = node.folder.log().matches("a TLS handshake failed").count();
    assert!((1..=3).contains(&lines), "{lines} lines");
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_cut_off() {
    let node = Node::start(&["--header-timeout-seconds", "1"]);
    for beginning in [&b""[..], &[0x16], &[0x16, 3, 1, 2, 0, 1, 0]] {
        assert_eq!(send_plain(node.tls, beginning).await, "", "{beginning:?}");
    }
    // After the handshake, the head of the request has the same limit.
    let mut silent = node.client().connect("localhost").await.unwrap();
    assert_eq!(silent.read_to_end().await, "");
}

/// The attack: a client opens all available connections and begins a handshake on each.
#[tokio::test]
async fn unfinished_handshakes_do_not_block_new_clients() {
    let node = Node::start(&["--connections-max", "20", "--header-timeout-seconds", "3600"]);
    let mut held = Vec::new();
    for _ in 0..60 {
        let mut stream = TcpStream::connect(node.tls).await.unwrap();
        stream.write_all(&[0x16, 3, 1]).await.unwrap();
        held.push(stream);
    }
    assert_eq!(status(&node.client().send("localhost", "GET /healthz", "", "").await), 200);
    let mut closed = 0;
    for stream in &mut held {
        let ended = timeout(Duration::from_millis(200), stream.read(&mut [0; 1])).await;
        closed += usize::from(ended.is_ok());
    }
    assert!(closed >= 40, "{closed} of 60 were closed");
}

/// The attack: a client asks for a lot and reads nothing. TLS accepts bytes that the client has not.
#[tokio::test]
async fn a_client_that_reads_nothing_is_cut_off() {
    let node =
        Node::start(&["--docs", "open", "--request-timeout-seconds", "1", "--metrics-listen", "127.0.0.1:0"]);
    let mut deaf = node.client().connect("localhost").await.unwrap();
    deaf.write(&"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(400)).await;
    node.wait_for_metric(r#"keystead_open_connections{port="tls"}"#, "0").await;
}

#[tokio::test]
async fn a_server_with_open_connections_stops_in_time() {
    let mut node = Node::start(&[]);
    let mut silent = TcpStream::connect(node.tls).await.unwrap();
    silent.write_all(&[0x16, 3, 1]).await.unwrap();
    let mut idle = node.client().connect("localhost").await.unwrap();
    idle.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    idle.read_until(r#"{"status":"ok"}"#).await;
    let _shaken = node.client().connect("localhost").await.unwrap();
    let started = now();
    node.server.terminate();
    wait_for_line(&node.folder, "stopping").await;
    let ended = node.server.ended_within(TIMEOUT).await.unwrap();
    assert!(ended.success());
    assert!(started.elapsed() < Duration::from_secs(9), "connections without a request do not hold it up");
    assert!(!node.folder.log().contains("did not end in time"), "{}", node.folder.log());
    assert_eq!(idle.read_to_end().await, "");
}
