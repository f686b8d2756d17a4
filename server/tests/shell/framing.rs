//! Requests with ambiguous boundaries are refused, and nothing after them is read as another request.

use crate::support::{TestServer, status};

#[tokio::test]
async fn unclear_requests_are_refused_and_end_the_connection() {
    let server = TestServer::start().await;
    let host = server.host_header();
    let smuggled = format!("GET /healthz HTTP/1.1\r\n{host}\r\n");
    let cases = [
        ("two lengths", "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc"),
        ("a length that is no number", "Content-Length: 3x\r\n\r\nabc"),
        ("a negative length", "Content-Length: -1\r\n\r\n"),
        ("another coding than chunked", "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        ("a chunk size that is no number", "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"),
        ("a folded header", "X-Folded: a\r\n b\r\n\r\n"),
        ("a space before the colon", "Content-Length : 3\r\n\r\nabc"),
        ("a NUL", "X-Nul: a\0b\r\n\r\n"),
    ];
    for (what, rest) in cases {
        let origin = server.origin();
        let answer =
            server.send_raw(&format!("POST /x HTTP/1.1\r\n{host}Origin: {origin}\r\n{rest}{smuggled}")).await;
        assert_eq!(status(&answer), 400, "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what}: {answer}");
        assert!(answer.contains("\r\nx-request-id: req_"), "{what}: {answer}");
        assert!(answer.ends_with('}') && answer.contains("BadRequestError"), "{what}: {answer}");
    }
}

#[tokio::test]
async fn bytes_that_are_not_a_request_get_an_error_like_all_others() {
    let server = TestServer::start().await;
    let headers = format!("GET / HTTP/1.1\r\nX-Long: {}\r\n\r\n", "a".repeat(200_000));
    let path = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(100_000));
    for (text, expected) in [
        ("hello\r\n\r\n", 400),
        ("GET / HTTP/9.9\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\r\n\r\n", 400),
        (&headers, 431),
        (&path, 414),
    ] {
        let answer = server.send_raw(text).await;
        let shown = &text[..text.len().min(20)];
        assert_eq!(status(&answer), expected, "{shown}: {answer}");
        assert!(answer.contains("\r\nx-request-id: req_"), "{shown}: {answer}");
        let body = answer.split("\r\n\r\n").nth(1).unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((&body["status"], &body["error"]["type"]), (&expected.into(), &"BadRequestError".into()));
    }
}

#[tokio::test]
async fn a_content_length_with_chunks_is_ignored() {
    let server = TestServer::start().await;
    let (host, origin) = (server.host_header(), server.origin());
    let head = format!("POST /x HTTP/1.1\r\n{host}Origin: {origin}\r\n");
    let body = "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let answer = server.send_raw(&format!("{head}{body}GET /healthz HTTP/1.1\r\n{host}\r\n")).await;
    let answers = answer.matches("HTTP/1.1 ").count();
    assert!(answers == 1 || !answer.contains("\"ok\""), "{answer}");
}

#[tokio::test]
async fn a_request_without_a_path_is_refused() {
    let server = TestServer::start().await;
    for line in ["OPTIONS *", "GET *", "CONNECT evil.example:443"] {
        let answer = server.send(line, "").await;
        assert_eq!(status(&answer), 400, "{line}: {answer}");
    }
}

#[tokio::test]
async fn unusual_paths_cause_no_failure() {
    let server = TestServer::start().await;
    for path in [
        "/%ff",
        "/%",
        "/%00",
        "//",
        "/a//b",
        "/..%2f..%2fetc/passwd",
        "/pkg/../../Cargo.toml",
        "/?%ff=%",
        "/;",
    ] {
        let answer = server.send(&format!("GET {path}"), "").await;
        assert!((200..500).contains(&status(&answer)), "{path}: {answer}");
        assert!(!answer.contains("[package]"));
    }
    let long = format!("GET /{}", "a".repeat(60_000));
    assert_eq!(status(&server.send(&long, "").await), 404);
}
