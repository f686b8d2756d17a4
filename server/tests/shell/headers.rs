//! The headers of every answer, and the limits for bodies.

use crate::support::{TestServer, header, status};

#[tokio::test]
async fn every_response_has_a_request_id() {
    let server = TestServer::start().await;
    for line in
        ["GET /healthz", "GET /v1/nothing", "GET /login", "GET /nothing", "POST /nothing", "OPTIONS *"]
    {
        let answer = server.send(line, "X-Request-Id: trace-1.2_3\r\n").await;
        assert_eq!(header(&answer, "x-request-id").as_deref(), Some("trace-1.2_3"), "{line}");
        let answer = server.send(line, "").await;
        assert!(header(&answer, "x-request-id").unwrap().starts_with("req_"), "{line}");
    }
}

#[tokio::test]
async fn a_leaked_key_is_not_repeated() {
    let server = TestServer::start().await;
    let key = "sk_live_0123456789abcdefghijABCDEFGHIJxy1a2B3c";
    for line in [format!("GET /{key}"), format!("GET /v1/{key}"), format!("GET /login?key={key}")] {
        let headers = format!("X-Request-Id: {key}\r\nUser-Agent: {key}\r\nReferer: http://x/{key}\r\n");
        assert!(!server.send(&line, &headers).await.contains(key), "{line}");
    }
}

#[tokio::test]
async fn responses_forbid_sniffing_framing_and_caching() {
    let server = TestServer::start().await;
    for line in ["GET /login", "GET /nothing", "GET /v1/nothing", "GET /healthz"] {
        let answer = server.send(line, "").await;
        assert_eq!(header(&answer, "x-content-type-options").as_deref(), Some("nosniff"), "{line}");
        assert_eq!(header(&answer, "x-frame-options").as_deref(), Some("DENY"), "{line}");
        assert_eq!(header(&answer, "cache-control").as_deref(), Some("no-store"), "{line}");
        assert!(header(&answer, "referrer-policy").is_some(), "{line}");
        assert_eq!(header(&answer, "access-control-allow-origin"), None, "{line}");
    }
}

#[tokio::test]
async fn hsts_is_sent_if_the_console_uses_tls() {
    let origin = |url| server::config::Origin::parse(url).unwrap();
    let name = "strict-transport-security";
    let lines = ["GET /login", "GET /nothing", "POST /nothing", "GET /v1/nothing", "GET /healthz"];
    let server =
        TestServer::with(|it| it.http.public_url = Some(origin("https://keys.example.com")), |_| {}).await;
    for line in lines {
        for host in ["Host: keys.example.com\r\n", ""] {
            let answer = server.send(line, host).await;
            assert_eq!(header(&answer, name).as_deref(), Some("max-age=31536000"), "{line}");
        }
    }
    for url in [None, Some(origin("http://localhost:3000"))] {
        let server = TestServer::with(|it| it.http.public_url = url, |_| {}).await;
        for line in lines {
            assert_eq!(header(&server.send(line, "").await, name), None, "{line}");
        }
    }
}

#[tokio::test]
async fn pages_run_only_their_own_scripts() {
    let server = TestServer::start().await;
    let answer = server.send("GET /no/such/page", "").await;
    let policy = header(&answer, "content-security-policy").unwrap();
    for part in ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "'wasm-unsafe-eval'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(nonce.len() >= 22);
    let scripts = answer.matches("<script").count();
    assert!(scripts > 0);
    assert_eq!(answer.matches(&format!("nonce=\"{nonce}\"")).count(), scripts, "{answer}");
    assert_eq!(header(&server.send("GET /v1/nothing", "").await, "content-security-policy"), None);
}

#[tokio::test]
async fn the_theme_is_set_before_the_page_is_shown() {
    let server = TestServer::start().await;
    assert!(
        server
            .send("GET /no/such/page", "Cookie: a=b; theme=dark\r\n")
            .await
            .contains(" data-theme=\"dark\"")
    );
    assert!(!server.send("GET /no/such/page", "Cookie: theme=neon\r\n").await.contains(" data-theme"));
}

#[tokio::test]
async fn an_unknown_page_is_a_404_and_a_page() {
    let server = TestServer::start().await;
    let answer = server.send("GET /no/such/page", "").await;
    assert_eq!(status(&answer), 404);
    assert_eq!(header(&answer, "content-type").as_deref(), Some("text/html; charset=utf-8"));
    let answer = server.send("HEAD /no/such/page", "").await;
    assert_eq!(status(&answer), 404);
    assert!(answer.ends_with("\r\n\r\n"));
}

#[tokio::test]
async fn long_and_compressed_bodies_are_refused() {
    let server = TestServer::start().await;
    let (own, host) = (format!("Origin: {}\r\n", server.origin()), server.host_header());
    // The REST API reads a body only for a caller who may use the address.
    for (path, long, zipped) in
        [("/nothing", 413, 415), ("/v1/nothing", 404, 404), ("/v1/api-keys", 401, 401)]
    {
        let answer =
            server.send(&format!("POST {path}"), &format!("{own}Content-Length: 10737418240\r\n")).await;
        assert_eq!(status(&answer), long, "{path}");
        let answer = server.send(&format!("POST {path}"), &format!("{own}Content-Encoding: gzip\r\n")).await;
        assert_eq!(status(&answer), zipped, "{path}");

        let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000));
        let head = format!("POST {path} HTTP/1.1\r\n{host}{own}Transfer-Encoding: chunked\r\n\r\n");
        let mut client = server.connect().await;
        client.write(&format!("{head}{}0\r\n\r\n", chunk.repeat(3))).await;
        assert_eq!(status(&client.read_answer().await), long, "{path}");
    }
    let body = "x".repeat(64 * 1024);
    let request = format!(
        "POST /v1/nothing HTTP/1.1\r\n{host}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(status(&server.send_raw(&request).await), 404, "64 KiB are not too long");
}
