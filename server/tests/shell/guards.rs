//! Other sites cannot reach the console, neither under a foreign host name nor from a foreign page.

use server::config::Origin;

use crate::support::{TestServer, header, status};

#[tokio::test]
async fn the_console_is_served_only_under_its_own_names() {
    let server = TestServer::start().await;
    let port = server.address.port();
    for host in ["127.0.0.1", "localhost", "LocalHost", "[::1]"] {
        let answer = server.send("GET /no/such/page", &format!("Host: {host}:{port}\r\n")).await;
        assert_eq!(status(&answer), 404, "{host}");
    }
    // A container or a tunnel may publish the server under any port of this machine.
    for host in ["127.0.0.1", "localhost:1", "[::1]:8080"] {
        let answer = server.send("GET /no/such/page", &format!("Host: {host}\r\n")).await;
        assert_eq!(status(&answer), 404, "{host}");
    }
    for host in
        ["evil.example", "localhost.evil.example", "127.0.0.2", "localhost:1:1", "localhost@evil.example", ""]
    {
        let answer = server.send("GET /no/such/page", &format!("Host: {host}\r\n")).await;
        assert_eq!(status(&answer), 421, "{host}");
        assert!(answer.contains("KEYSTEAD_PUBLIC_URL"));
    }
    let own = server.host_header();
    for headers in [format!("{own}Host: evil.example\r\n"), format!("Host: evil.example\r\n{own}")] {
        assert!(matches!(status(&server.send("GET /no/such/page", &headers).await), 400 | 421));
    }
    assert_eq!(status(&server.send("GET http://evil.example/no/such/page", &own).await), 421);
    let forwarded = format!(
        "Host: evil.example\r\nX-Forwarded-Host: {}\r\nForwarded: host=localhost\r\n",
        server.address
    );
    assert_eq!(status(&server.send("GET /no/such/page", &forwarded).await), 421);
}

#[tokio::test]
async fn a_change_is_accepted_only_from_the_port_that_it_is_sent_to() {
    let server = TestServer::start().await;
    let port = server.address.port();
    let own = format!("http://localhost:{port}");
    for (host, origin, expected) in [
        ("localhost:8080".to_owned(), "http://localhost:8080".to_owned(), 404),
        (format!("localhost:{port}"), own.clone(), 404),
        (format!("localhost:{port}"), "http://localhost:8080".to_owned(), 403),
        ("localhost:8080".to_owned(), own.clone(), 403),
        ("localhost:8080".to_owned(), "http://127.0.0.1:8080".to_owned(), 403),
        ("rebound.example:8080".to_owned(), "http://rebound.example:8080".to_owned(), 421),
    ] {
        let headers = format!("Host: {host}\r\nOrigin: {origin}\r\n");
        assert_eq!(
            status(&server.send("POST /no-such-function", &headers).await),
            expected,
            "{host} {origin}"
        );
    }
}

#[tokio::test]
async fn a_browser_at_another_address_gets_a_page_that_says_what_to_set() {
    let public = |settings: &mut server::config::ServeSettings| {
        settings.http.public_url = Origin::parse("https://keys.example.com").ok();
    };
    let (local, public) = (TestServer::start().await, TestServer::with(public, |_| {}).await);
    let accept = "Accept: text/html,*/*;q=0.8\r\n";
    for (server, address) in [(&local, local.origin()), (&public, "https://keys.example.com".to_owned())] {
        let answer = server.send("GET /keys", &format!("Host: <b>evil.example\r\n{accept}")).await;
        assert_eq!(status(&answer), 421, "{answer}");
        assert!(header(&answer, "content-type").unwrap().starts_with("text/html"), "{answer}");
        assert!(
            header(&answer, "content-security-policy").unwrap().contains("default-src 'none'"),
            "{answer}"
        );
        for text in ["&lt;b&gt;evil.example", &address, "KEYSTEAD_PUBLIC_URL", "<code>Host</code>"] {
            assert!(answer.contains(text), "{text}: {answer}");
        }
        let json = server.send("GET /keys", "Host: evil.example\r\nAccept: */*\r\n").await;
        assert!(status(&json) == 421 && json.contains("MisdirectedRequestError"), "{json}");
    }
}

#[tokio::test]
async fn a_public_address_replaces_the_names_of_this_machine() {
    let server = TestServer::with(
        |settings| settings.http.public_url = Origin::parse("https://keys.example.com").ok(),
        |_| {},
    )
    .await;
    for (host, expected) in [("keys.example.com", 404), ("keys.example.com:443", 404), ("localhost", 421)] {
        let answer = server.send("GET /no/such/page", &format!("Host: {host}\r\n")).await;
        assert_eq!(status(&answer), expected, "{host}");
    }
}

#[tokio::test]
async fn the_rest_api_is_served_under_any_name() {
    let server = TestServer::start().await;
    assert_eq!(status(&server.send("GET /healthz", "Host: keystead.internal\r\n").await), 200);
    assert_eq!(status(&server.send("GET /v1/nothing", "Host: keystead.internal\r\n").await), 404);
}

#[tokio::test]
async fn a_change_from_another_site_is_refused_before_its_body_is_read() {
    let server = TestServer::start().await;
    let own = server.origin();
    let foreign = [
        "Origin: https://evil.example\r\n".to_owned(),
        "Origin: null\r\n".to_owned(),
        format!("Origin: {own}.evil.example\r\n"),
        "Origin: http://127.0.0.1:1\r\n".to_owned(),
        format!("Origin: {}\r\n", own.replace("http:", "https:")),
        format!("Origin: {own}\r\nOrigin: https://evil.example\r\n"),
        format!("Origin: {own}\r\nSec-Fetch-Site: cross-site\r\n"),
        "Origin: https://evil.example\r\nSec-Fetch-Site: same-origin\r\n".to_owned(),
        "Sec-Fetch-Site: same-site\r\n".to_owned(),
        "Sec-Fetch-Site: none\r\n".to_owned(),
        format!("Referer: {own}/keys\r\n"),
        format!("Origin: https://evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Real-Origin: {own}\r\n"),
        String::new(),
    ];
    for headers in foreign {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            // The body is declared but never sent, so the server cannot have waited for it.
            let request = format!("{headers}Content-Length: 1000\r\n");
            let answer = server.send(&format!("{method} /console/keys/create"), &request).await;
            assert_eq!(status(&answer), 403, "{method} {headers}");
            assert!(answer.contains("ForbiddenError"));
        }
    }
    for headers in [format!("Origin: {own}\r\n"), "Sec-Fetch-Site: same-origin\r\n".to_owned()] {
        let answer = server.send("POST /no-such-function", &headers).await;
        assert_eq!(status(&answer), 404, "the console's own pages pass: {headers}");
    }
}
