//! What goes wrong shows in the metrics, and the metrics go on.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use service::testing::{Cluster, Outage};
use tokio::time::{sleep, timeout};

use crate::binary::{TestFolder, binary};
use crate::node::{Node, client, free_address};
use crate::page::Page;

/// Maximum time that a test waits for a metric.
const SHOWN_WITHIN: Duration = Duration::from_mins(1);

async fn wait_until(node: &Node, is_so: impl Fn(&Page) -> bool) {
    let shown = async {
        while !is_so(&node.page().await) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SHOWN_WITHIN, shown).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_the_database_shows() {
    let cluster = tokio::task::spawn_blocking(Cluster::start).await.unwrap();
    let node = Node::start_with(&["--database-url", cluster.url().as_str()]).await;
    let good = node.key("good").await;
    let gateway = node.gateway("api").await;
    assert_eq!(node.verify(&good).await, "VALID");
    assert!(node.page().await.value("keystead_database_connections{state=\"idle\"}") > 0.0);
    let of_verify = "keystead_http_request_duration_seconds_count{route=\"/v1/keys/verify\",method=\"POST\"";
    let failures = format!("{of_verify},status=\"5xx\"}}");
    assert!(node.page().await.text.contains(&failures), "a failure shows only after there was none");
    let errors = "keystead_database_errors_total{kind=\"unavailable\"}";
    assert_eq!(node.page().await.value(errors), 0.0);

    tokio::task::block_in_place(|| cluster.begin_outage(Outage::Ended));
    wait_until(&node, |page| page.value("keystead_key_cache_current") == 0.0).await;
    let refused = node.send(Method::POST, "/v1/keys/verify", Some(json!({ "key": good }))).await;
    assert_eq!((refused.status().as_u16(), node.ask(&gateway, "caddy", Some(&good)).await), (503, 503));
    let page = node.page().await;
    assert!(page.value(errors) > 0.0 && page.value("keystead_key_cache_age_seconds") >= 0.9);
    assert_eq!(page.value(&failures), 1.0);
    for surface in ["verify", "caddy"] {
        let failed = format!("keystead_verifications_total{{surface=\"{surface}\",outcome=\"FAILED\"}}");
        assert_eq!(page.value(&failed), 1.0, "{surface}");
    }

    tokio::task::block_in_place(|| cluster.end_outage(Outage::Ended));
    wait_until(&node, |page| page.value("keystead_key_cache_current") == 1.0).await;
    assert_eq!(node.verify(&good).await, "VALID");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_lines_that_are_lost_are_counted() {
    let folder = TestFolder::new();
    let metrics = free_address();
    let mut command = folder.command("sh");
    let program =
        format!("exec {} serve --listen 127.0.0.1:0 --metrics-listen {metrics} 2>/dev/full", binary());
    command.arg("-c").arg(program);
    let _server = folder.spawn_command(command).ready().unwrap();
    let lost = async || {
        let response = client().get(format!("http://{metrics}/metrics")).send().await.unwrap();
        Page::of(response.text().await.unwrap()).value("keystead_log_lines_dropped_total")
    };
    let shown = async {
        while lost().await == 0.0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SHOWN_WITHIN, shown).await.unwrap();
}
