//! The plain port beside the one with TLS: browsers are sent on, and programs are answered or told.

use crate::client::{header, request, send_plain, status};
use crate::node::Node;

async fn ask(node: &Node, line: &str, host: &str, headers: &str) -> String {
    send_plain(node.plain, request(line, host, headers, "").as_bytes()).await
}

#[tokio::test]
async fn a_browser_is_redirected_to_the_same_page_over_tls() {
    let node = Node::start(&[]);
    let port = node.tls.port();
    for (host, name) in [("keys.example.com", "keys.example.com"), ("localhost:3000", "localhost")] {
        for line in ["GET /keys?page=2", "HEAD /keys?page=2"] {
            let answer = ask(&node, line, host, "Accept: text/html\r\n").await;
            assert_eq!(status(&answer), 308, "{answer}");
            let location = format!("https://{name}:{port}/keys?page=2");
            assert_eq!(header(&answer, "location"), Some(&*location));
            assert_eq!(header(&answer, "cache-control"), Some("no-store"));
        }
    }
    let answer = ask(&node, "GET /", "evil.example", "Accept: text/html\r\n").await;
    assert_eq!(
        (status(&answer), header(&answer, "location")),
        (421, None),
        "not to a name that a client chose"
    );
}

#[tokio::test]
async fn with_a_public_url_every_name_leads_there() {
    let node = Node::start(&["--public-url", "https://console.example.com"]);
    for host in ["console.example.com", "192.0.2.7:3000", "evil.example"] {
        let answer = ask(&node, "GET /login", host, "").await;
        assert_eq!(status(&answer), 308, "{answer}");
        assert_eq!(header(&answer, "location"), Some("https://console.example.com/login"));
    }
}

#[tokio::test]
async fn what_was_already_sent_in_the_clear_is_refused() {
    let node = Node::start(&[]);
    let host = format!("localhost:{}", node.plain.port());
    for origin in [format!("http://{host}"), format!("https://localhost:{}", node.tls.port())] {
        let answer = ask(&node, "POST /console/api/sign-in", &host, &format!("Origin: {origin}\r\n")).await;
        assert_eq!(status(&answer), 403, "{answer}");
        assert!(answer.contains("The console is open only over https."), "{answer}");
    }
    let answer = ask(&node, "GET /v1x", &host, "Authorization: Bearer sk_live_x\r\n").await;
    assert_eq!((status(&answer), header(&answer, "location")), (403, None));
}

#[tokio::test]
async fn programs_are_answered_on_the_plain_port() {
    let node = Node::start(&[]);
    for (line, expected) in [("GET /healthz", 200), ("GET /v1/me", 401), ("POST /v1/keys/verify", 401)] {
        let answer = ask(&node, line, "any.example", "").await;
        assert_eq!(status(&answer), expected, "{line}: {answer}");
    }
}

/// The proxy has TLS itself, and a redirect would lead back to it.
#[tokio::test]
async fn a_trusted_proxy_is_served_on_the_plain_port() {
    let arguments = ["--public-url", "https://console.example.com", "--trusted-proxies", "127.0.0.0/8"];
    let node = Node::start(&arguments);
    let answer = ask(&node, "GET /login", "console.example.com", "").await;
    assert_eq!((status(&answer), header(&answer, "location")), (302, Some("/setup")), "{answer}");
}

#[test]
fn a_port_in_the_clear_that_others_reach_is_named_at_the_start() {
    let line = "other machines may reach a port without TLS";
    for (more, is_named) in [
        (&["--listen=0.0.0.0:0"][..], true),
        (&["--listen=127.0.0.1:0"], false),
        (&["--listen=0.0.0.0:0", "--trusted-proxies=10.0.0.0/8"], false),
        (&["--listen=127.0.0.1:0", "--envoy-grpc-listen=0.0.0.0:0"], true),
    ] {
        let folder = crate::binary::TestFolder::new();
        let mut command = folder.command(&crate::binary::binary());
        command.arg("serve").args(more);
        let server = folder.spawn_command(command).ready().unwrap();
        assert_eq!(folder.log().contains(line), is_named, "{more:?}: {}", folder.log());
        server.kill();
    }
}
