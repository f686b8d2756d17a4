//! A real Prometheus, with the configuration and the rules in `deploy/`.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::node::{Node, client, free_address};
use crate::program::{is_wanted, program, repository};

/// Maximum time until Prometheus has read the metrics. Starting takes long on a busy machine.
const READ_WITHIN: Duration = Duration::from_secs(90);

/// A running Prometheus. Dropping this value stops it.
struct Prometheus {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Prometheus {
    /// Starts one that reads from a server every second.
    fn start(target: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rules = repository("deploy/prometheus/alerts.yml").canonicalize().unwrap();
        let example = std::fs::read_to_string(repository("deploy/prometheus/prometheus.yml")).unwrap();
        let changed = [
            ("15s", "1s".to_owned()),
            ("127.0.0.1:9464", target.to_owned()),
            ("alerts.yml", rules.display().to_string()),
        ];
        let configuration = changed.iter().fold(example, |text, (from, to)| {
            assert!(text.contains(from), "{from}: {text}");
            text.replace(from, to)
        });
        let file = folder.path().join("prometheus.yml");
        std::fs::write(&file, configuration).unwrap();
        let address = free_address();
        let child = Command::new(program("prometheus"))
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, address, _folder: folder }
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Option<Value> {
        let url = reqwest::Url::parse_with_params(&format!("http://{}{path}", self.address), query).unwrap();
        client().get(url).send().await.ok()?.json().await.ok()
    }

    /// The first value of a query.
    async fn query(&self, query: &str) -> Option<String> {
        let answer = self.get("/api/v1/query", &[("query", query)]).await?;
        answer["data"]["result"][0]["value"][1].as_str().map(str::to_owned)
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_reads_the_metrics_and_evaluates_the_rules() {
    if !is_wanted() {
        return;
    }
    let node = Node::start().await;
    let good = node.key("good").await;
    for _ in 0..7 {
        assert_eq!(node.verify(&good).await, "VALID");
    }
    let prometheus = Prometheus::start(&node.metrics);
    let wait_for = async |query: &str, value: &str| {
        let read = async {
            while prometheus.query(query).await.as_deref() != Some(value) {
                sleep(Duration::from_millis(200)).await;
            }
        };
        timeout(READ_WITHIN, read).await.unwrap_or_else(|_| panic!("{query}"));
    };
    wait_for("keystead_verifications_total{job=\"keystead\",surface=\"verify\",outcome=\"VALID\"}", "7")
        .await;
    wait_for("up{job=\"keystead\"}", "1").await;
    let quantile =
        "histogram_quantile(0.99, sum by (le) (keystead_http_request_duration_seconds_bucket)) > bool 0";
    wait_for(quantile, "1").await;
    let evaluated = async {
        loop {
            let answer = prometheus.get("/api/v1/rules", &[]).await.unwrap_or_default();
            let rules = answer["data"]["groups"][0]["rules"].as_array().cloned().unwrap_or_default();
            if !rules.is_empty() && rules.iter().all(|rule| rule["health"] != "unknown") {
                return rules;
            }
            sleep(Duration::from_millis(200)).await;
        }
    };
    let rules = timeout(READ_WITHIN, evaluated).await.unwrap();
    for rule in rules {
        assert_eq!((&rule["health"], &rule["state"]), (&"ok".into(), &"inactive".into()), "{rule}");
    }
}
