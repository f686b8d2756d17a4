//! Bodies over the limit are refused without being buffered, whether the request declares their length or not.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::TURN;
use crate::binary::{Rest, Running, TestFolder};

const MEBI: usize = 1024 * 1024;
/// Number of bytes that a client sends if it does not stop at the limit.
const LONG: usize = 64 * MEBI;
/// Number of concurrent clients.
const CLIENTS: usize = 16;
/// Maximum growth of the server's memory.
const GROWTH_MAX: usize = 256 * MEBI;

/// Sends a head and as much of a body as the server accepts. Returns the status of the answer.
async fn status(host: String, head: String, piece: Vec<u8>, pieces: usize) -> u16 {
    let (mut reading, mut writing) = TcpStream::connect(&host).await.unwrap().into_split();
    writing.write_all(head.as_bytes()).await.unwrap();
    let sending = tokio::spawn(async move {
        for _ in 0..pieces {
            if writing.write_all(&piece).await.is_err() {
                break;
            }
        }
        writing
    });
    let mut answer = vec![0; 4096];
    let mut length = 0;
    while length < 12 {
        let read = timeout(Duration::from_secs(15), reading.read(&mut answer[length..])).await;
        length += read.unwrap().unwrap();
    }
    sending.abort();
    String::from_utf8_lossy(&answer[9..12]).parse().unwrap()
}

/// Returns a value from `/proc/<pid>/status` of the server, converted from kibibytes to bytes.
fn memory(server: &Running, what: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// 50 MB of zeros, compressed to less than the maximum length of a body.
fn bomb() -> Vec<u8> {
    let script = "head -c 50000000 /dev/zero | gzip -9";
    let output =
        std::process::Command::new("sh").args(["-c", script]).stdout(Stdio::piped()).output().unwrap();
    assert!(output.status.success() && output.stdout.len() < 64 * 1024, "{}", output.stdout.len());
    output.stdout
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_bodies_are_refused_without_being_buffered() {
    let _turn = TURN.lock().await;
    let place = TestFolder::new();
    let made = place.bootstrap(&[]);
    let key = made["admin_key"].as_str().unwrap();
    let server = place.start(&[]);
    let before = memory(&server, "VmRSS:");
    let chunk = [b"10000\r\n".to_vec(), vec![b'x'; 0x10000], b"\r\n".to_vec()].concat();
    let bomb = bomb();
    for (path, is_read) in [
        (Rest::keys(), true),
        ("/console/api/keys/create".to_owned(), true),
        ("/nothing".to_owned(), true),
        ("/v1/nothing".to_owned(), false),
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\n",
            server.host(),
            server.address
        );
        let zipped = format!("Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len());
        for (what, headers, piece, pieces, expected) in [
            ("10 GiB declared", "Content-Length: 10737418240\r\n\r\n".to_owned(), Vec::new(), 0, 413),
            (
                "64 MiB by length",
                format!("Content-Length: {LONG}\r\n\r\n"),
                vec![b'x'; MEBI],
                LONG / MEBI,
                413,
            ),
            (
                "64 MiB in chunks",
                "Transfer-Encoding: chunked\r\n\r\n".to_owned(),
                chunk.clone(),
                LONG / 0x10000,
                413,
            ),
            ("a gzip bomb", zipped.clone(), bomb.clone(), 1, 415),
        ] {
            let mut clients = JoinSet::new();
            for _ in 0..CLIENTS {
                clients.spawn(status(
                    server.host().to_owned(),
                    format!("{head}{headers}"),
                    piece.clone(),
                    pieces,
                ));
            }
            let expected = if is_read { expected } else { 404 };
            for status in clients.join_all().await {
                assert_eq!(status, expected, "{path}: {what}");
            }
        }
    }
    // An endpoint that takes no body does not read one either.
    let get = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: {LONG}\r\n\r\n");
    assert_eq!(status(server.host().to_owned(), get, vec![b'x'; MEBI], LONG / MEBI).await, 200);
    let growth = memory(&server, "VmHWM:") - before;
    assert!(growth < GROWTH_MAX, "grew by {} MiB", growth / MEBI);
    println!("The server's memory grew by {} MiB at most.", growth / MEBI);
}
