//! Traces: the commands of `docs/operate/traces.md`, with a collector that keeps what arrives.

use std::fs;

use reqwest::Client;

use crate::binary::Running;
use crate::collector::Collector;
use crate::machine::Machine;
use crate::page::Page;
use crate::pebble::free_port;

const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

async fn ask(server: &Running) {
    let client = Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}/v1/me", server.address)).header("traceparent", TRACEPARENT);
    assert_eq!(request.send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_seen_by_the_collector_of_the_page() {
    let (mut page, mut machine) = (Page::read("operate/traces.md"), Machine::new());
    let address = format!("127.0.0.1:{}", free_port());
    let collector = Collector::listen(&address).await;
    machine.call("127.0.0.1:4317", &address);
    let server = machine.serve(&page.block("--otlp-endpoint http://"));
    ask(&server).await;
    collector.span(|span| span.name == "GET /v1/me").await;
    assert_eq!(collector.authorization(), None);
    drop(server);

    // The collector of this test has no certificate.
    let address = format!("127.0.0.1:{}", free_port());
    let collector = Collector::listen(&address).await;
    machine.call("https://otlp.example.com", &format!("http://{address}"));
    let server = machine.serve(&page.block("--otlp-headers-file"));
    ask(&server).await;
    collector.span(|span| span.name == "GET /v1/me").await;
    assert_eq!(collector.authorization().as_deref(), Some("Bearer TOKEN"));
    assert_eq!(
        fs::read_to_string(machine.folder.path("otlp-headers")).unwrap(),
        "authorization: Bearer TOKEN\n"
    );
    page.end();
}
