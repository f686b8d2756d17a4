//! Both ports answer: the console, the REST API and verifications over TLS, and programs on the plain port too.

use std::process::Command;

use crate::authority::Authority;
use crate::binary::TestFolder;
use crate::client::{TlsClient, header, request, send_plain, status};
use crate::node::Node;

#[tokio::test]
async fn the_console_and_the_api_are_served_over_tls() {
    let node = Node::start(&[]);
    let client = node.client();
    for name in ["keys.example.com", "localhost"] {
        let page = client.send(name, "GET /login", "Accept: text/html\r\n", "").await;
        // Nobody has set up the console yet.
        assert_eq!((status(&page), header(&page, "location")), (302, Some("/setup")), "{page}");
        assert!(page.contains("<html"), "{page}");
    }
    assert_eq!(status(&client.send("localhost", "GET /healthz", "", "").await), 200);
    let foreign = format!("keys.example.org:{}", node.tls.port());
    let mut connection = client.connect("localhost").await.unwrap();
    connection.write(&request("GET /login", &foreign, "", "")).await;
    assert_eq!(status(&connection.read_to_end().await), 421, "a name that the certificate does not have");
}

#[tokio::test]
async fn the_address_to_open_is_the_first_name_of_the_certificate() {
    let node = Node::start(&[]);
    assert_eq!(node.server.address, format!("https://keys.example.com:{}", node.tls.port()));
    let node = Node::start(&["--public-url", "https://console.example.com"]);
    assert_eq!(node.server.address, "https://console.example.com");
}

/// The session cookie is `Secure`, and only the console's own pages may send a form.
#[tokio::test]
async fn a_form_is_accepted_only_from_the_same_origin_over_tls() {
    let node = Node::start(&[]);
    let port = node.tls.port();
    for (origin, expected) in [
        (format!("https://keys.example.com:{port}"), 404),
        (format!("http://keys.example.com:{port}"), 403),
        ("https://keys.example.com".to_owned(), 403),
        (format!("https://localhost:{port}"), 403),
    ] {
        let headers = format!("Origin: {origin}\r\n");
        let answer = node.client().send("keys.example.com", "POST /nothing", &headers, "a=b").await;
        assert_eq!(status(&answer), expected, "{origin}: {answer}");
        assert!(header(&answer, "strict-transport-security").is_some());
    }
}

#[tokio::test]
async fn keys_are_verified_on_both_ports() {
    let folder = TestFolder::new();
    let key = folder.bootstrap(&[])["admin_key"].as_str().unwrap().to_owned();
    let node = Node::start_in(folder, &[]);
    let headers = format!("Authorization: Bearer {key}\r\nContent-Type: application/json\r\n");
    let body = format!(r#"{{"key":"{key}"}}"#);
    let line = "POST /v1/keys/verify";
    let over_tls = node.client().send("keys.example.com", line, &headers, &body).await;
    let plain = send_plain(node.plain, request(line, "any.example", &headers, &body).as_bytes()).await;
    for answer in [over_tls, plain] {
        assert_eq!(status(&answer), 200, "{answer}");
        assert!(answer.contains(r#""valid":true"#), "{answer}");
    }
}

#[tokio::test]
async fn several_requests_share_a_connection() {
    let node = Node::start(&[]);
    let mut connection = node.client().offering(&["h2", "http/1.1"]).connect("localhost").await.unwrap();
    assert_eq!(connection.protocol(), Some(b"http/1.1".as_slice()));
    for _ in 0..3 {
        connection.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
        connection.read_until(r#"{"status":"ok"}"#).await;
    }
    let refused = node.client().offering(&["h2"]).connect("localhost").await.err().unwrap().to_string();
    assert!(refused.contains("NoApplicationProtocol"), "{refused}");
}

/// As docs/operate/tls.md shows it.
#[tokio::test]
async fn curl_accepts_the_certificate() {
    let node = Node::start(&[]);
    std::fs::write(node.folder.path("ca.pem"), node.authority.pem()).unwrap();
    let address = format!("keys.example.com:{}", node.tls.port());
    for version in ["--tlsv1.3", "--tls-max=1.2"] {
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--noproxy", "*", version.split('=').next().unwrap()])
            .args(version.split_once('=').map(|(_, value)| value))
            .args(["--cacert", "ca.pem", "--connect-to", &format!("{address}:{}", node.tls)])
            .arg(format!("https://{address}/healthz"))
            .current_dir(node.folder.path(""))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(output.stdout, br#"{"status":"ok"}"#);
    }
}

#[tokio::test]
async fn the_metrics_say_when_the_certificate_ends_and_how_handshakes_went() {
    let node = Node::start(&["--metrics-listen", "127.0.0.1:0"]);
    assert_eq!(node.metric("keystead_tls_certificate_end_time_seconds").await, "64060588800");
    let stranger = TlsClient::new(node.tls, &Authority::new().pem());
    assert!(stranger.connect("localhost").await.is_err());
    send_plain(node.tls, b"GET / HTTP/1.1\r\n\r\n").await;
    node.client().send("localhost", "GET /healthz", "", "").await;
    let handshakes = |result: &str| format!("keystead_tls_handshakes_total{{result=\"{result}\"}}");
    node.wait_for_metric(&handshakes("done"), "1").await;
    node.wait_for_metric(&handshakes("failed"), "2").await;
}
