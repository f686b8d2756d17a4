//! Requests are traced if there is a collector. A collector that is missing or slow changes nothing for them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::collector::{Collector, attribute};
use crate::node::{Node, client, free_address};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";
const LIMIT: Duration = Duration::from_secs(10);

/// Verifies a key as a client that traces its own request, and returns the request id.
async fn verify_within(node: &Node, secret: &str, traceparent: &str) -> String {
    let request =
        client().post(format!("{}/v1/keys/verify", node.server.address)).bearer_auth(&node.admin_key);
    let request = request.header("traceparent", traceparent).json(&json!({ "key": secret }));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.headers()["x-request-id"].to_str().unwrap().to_owned()
}

fn is_of(id: &str) -> impl Fn(&Span) -> bool {
    let id = id.to_owned();
    move |span| attribute(span, "keystead.request.id").as_ref() == Some(&id)
}

#[tokio::test]
async fn a_verification_continues_the_trace_of_its_client() {
    let address = free_address();
    let (collector, endpoint) = (Collector::listen(&address).await, format!("http://{address}"));
    let settings = ["--otlp-endpoint", &endpoint, "--traces-percent", "0"];
    let node = Node::serving(&settings).await;
    let secret = node.key("traced").await;
    let untraced = verify_within(&node, &secret, &format!("00-{TRACE}-{SPAN}-00")).await;
    let traced = verify_within(&node, &secret, &format!("00-{TRACE}-{SPAN}-01")).await;

    let span = collector.span(is_of(&traced)).await;
    assert_eq!(
        (hex::encode(&span.trace_id).as_str(), hex::encode(&span.parent_span_id).as_str()),
        (TRACE, SPAN)
    );
    assert_eq!(span.name, "POST /v1/keys/verify");
    for (name, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/v1/keys/verify"),
        ("http.response.status_code", "200"),
        ("keystead.verify.code", "VALID"),
    ] {
        assert_eq!(attribute(&span, name).as_deref(), Some(value), "{name}");
    }
    assert!(attribute(&span, "keystead.key.id").unwrap().starts_with("key_"));
    assert_eq!(collector.resource("service.name").as_deref(), Some("keystead"));
    assert_eq!(collector.resource("service.version").as_deref(), Some(env!("CARGO_PKG_VERSION")));
    // Spans arrive in the order in which they end, so the other request has none, and neither has a background task.
    assert!(!collector.spans().iter().any(is_of(&untraced)));
    assert!(
        collector.spans().iter().all(|span| hex::encode(&span.trace_id) == TRACE),
        "{:?}",
        collector.spans()
    );
}

#[tokio::test]
async fn every_kind_of_request_has_a_span_and_the_database_has_its_part() {
    let address = free_address();
    let (collector, endpoint) = (Collector::listen(&address).await, format!("http://{address}"));
    let mut node = Node::serving(&["--otlp-endpoint", &endpoint, "--traces-percent", "100"]).await;
    let (gateway, secret) = (node.gateway("orders").await, node.key("traced").await);
    assert_eq!(node.ask(&gateway, "nginx", Some(&secret)).await, 200);
    assert_eq!(node.send(Method::GET, "/v1/nothing", None).await.status(), 404);

    let asked = collector.span(|span| span.name == "GET gateway").await;
    assert_eq!(attribute(&asked, "keystead.verify.code").as_deref(), Some("VALID"));
    let missing = collector.span(|span| span.name == "GET other").await;
    assert_eq!(attribute(&missing, "http.response.status_code").as_deref(), Some("404"));
    // A client's fault is no error of the server.
    assert_eq!(missing.status.unwrap_or_default().code(), StatusCode::Unset);

    let creation = collector.span(|span| span.name == "POST /v1/gateways").await;
    let part = |name: &'static str, whole: &Span| {
        let (trace, parent) = (whole.trace_id.clone(), whole.span_id.clone());
        move |span: &Span| span.name == name && span.trace_id == trace && span.parent_span_id == parent
    };
    let transaction = collector.span(part("database transaction", &creation)).await;
    collector.span(part("database commit", &transaction)).await;

    // The log lines of a traced request name its trace.
    let id = attribute(&creation, "keystead.request.id").unwrap();
    node.server.terminate();
    assert!(node.server.ended_within(LIMIT).await.unwrap().success());
    let log = node.folder.log();
    let line = log.lines().find(|line| line.contains(&id)).unwrap();
    assert!(line.contains(&format!("trace.id=\"{}\"", hex::encode(&creation.trace_id))), "{line}");
    // Nothing that a client sent secretly is in any span.
    assert!(!format!("{:?}", collector.spans()).contains(secret.get(8..).unwrap()));
}

#[tokio::test]
async fn the_headers_of_the_file_are_sent_to_the_collector_and_are_not_logged() {
    let address = free_address();
    let (collector, endpoint) = (Collector::listen(&address).await, format!("http://{address}"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("headers");
    fs::write(&file, "authorization: Bearer hunter2\n").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let settings = ["--otlp-endpoint", &endpoint, "--otlp-headers-file", file.to_str().unwrap()];
    let node = Node::serving(&[&settings[..], &["--traces-percent", "100", "--log", "trace"]].concat()).await;
    node.send(Method::GET, "/v1/me", None).await;
    collector.span(|span| span.name == "GET /v1/me").await;
    assert_eq!(collector.authorization().as_deref(), Some("Bearer hunter2"));
    assert!(!node.folder.log().contains("hunter2"));
}

#[tokio::test]
async fn without_its_collector_a_server_answers_and_stops_as_always_and_says_so() {
    let endpoint = format!("http://{}", free_address());
    let mut node = Node::serving(&["--otlp-endpoint", &endpoint, "--traces-percent", "100"]).await;
    for _ in 0..50 {
        assert_eq!(node.verify(&node.admin_key.clone()).await, "VALID");
    }
    node.server.terminate();
    assert!(node.server.ended_within(LIMIT).await.unwrap().success());
    let log = node.folder.log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("traces could not be sent")).collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains("WARN"), "{log}");
}

/// Whoever sends requests decides neither how a span is named nor how many attributes it has.
#[tokio::test]
async fn no_part_of_a_hostile_request_names_a_span() {
    let address = free_address();
    let (collector, endpoint) = (Collector::listen(&address).await, format!("http://{address}"));
    let node = Node::serving(&["--otlp-endpoint", &endpoint, "--traces-percent", "100"]).await;
    let request =
        client().request(Method::from_bytes(b"HUNTER2").unwrap(), format!("{}/hunter2", node.server.address));
    let request = request
        .header("traceparent", format!("00-{TRACE}-{SPAN}-01"))
        .header("tracestate", "hunter2=1")
        .header("baggage", "hunter2=1");
    let _status = request.send().await.unwrap().status();
    collector.span(|span| span.name.starts_with("_OTHER ")).await;
    let spans: Value = format!("{:?}", collector.spans()).into();
    assert!(!spans.to_string().to_lowercase().contains("hunter2"), "{spans}");
}
