//! The port answers one request only, and belongs to the server.

use std::time::Duration;

use reqwest::Method;

use crate::binary::TestFolder;
use crate::node::{Node, client, free_address};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_metrics_can_be_read_and_only_on_their_port() {
    let mut node = Node::start().await;
    let ask = async |method: Method, host: &str, path: &str| {
        let response = client().request(method, format!("http://{host}{path}")).send().await.unwrap();
        let allow = response.headers().get("allow").map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), allow)
    };
    let allowed = || Some("GET, HEAD".to_owned());
    for path in ["/", "/metrics/", "/Metrics", "/healthz", "/v1/me", "/auth/gw_1/nginx"] {
        assert_eq!(ask(Method::GET, &node.metrics, path).await, (404, None), "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        assert_eq!(ask(method, &node.metrics, "/metrics").await, (405, allowed()));
    }
    assert_eq!(ask(Method::HEAD, &node.metrics, "/metrics").await, (200, None));
    let main = node.server.host().to_owned();
    let on_main = client().get(format!("http://{main}/metrics")).send().await.unwrap();
    assert!(!on_main.text().await.unwrap().contains("keystead_build_info"));
    node.server.terminate();
    let status = node.server.ended_within(Duration::from_secs(10)).await;
    assert!(status.is_some_and(|status| status.success()), "{}", node.folder.log());
    client().get(format!("http://{}/metrics", node.metrics)).send().await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_in_use_is_named_with_its_setting() {
    let folder = TestFolder::new();
    folder.bootstrap(&[]);
    let address = free_address();
    let _taken = std::net::TcpListener::bind(&address).unwrap();
    assert!(folder.spawn(&["--metrics-listen", &address]).ready().is_none());
    let log = folder.log();
    assert!(log.contains(&format!("cannot listen on {address}")), "{log}");
    assert!(log.contains("--metrics-listen (KEYSTEAD_METRICS_LISTEN)"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_malformed_address_is_refused() {
    let folder = TestFolder::new();
    for address in ["9464", "localhost:9464", "127.0.0.1:99999", ""] {
        assert!(folder.spawn(&["--metrics-listen", address]).ready().is_none());
        assert!(
            folder.log().contains("--metrics-listen (KEYSTEAD_METRICS_LISTEN) is not an address"),
            "{}",
            folder.log()
        );
        assert!(!folder.database().exists());
    }
}
