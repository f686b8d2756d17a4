//! The files in `deploy/` and the page about metrics name exactly the metrics that there are.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::node::Node;
use crate::program::{is_wanted, promtool, repository};

const PROMETHEUS: &str = "deploy/prometheus";

/// The names of metrics in a text. A name of a series of a histogram stands for the histogram.
fn names_in(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let words = text.split(|letter| !is_part(letter)).filter(|word| word.starts_with("keystead_"));
    let histogram = |word: &str| {
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end));
        base.unwrap_or(word).to_owned()
    };
    words.map(histogram).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn missing(named: &BTreeSet<String>, there: &BTreeSet<String>) -> Vec<String> {
    named.difference(there).cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dashboard_the_rules_and_the_page_name_the_metrics_that_there_are() {
    let node = Node::start().await;
    let page = node.page().await;
    let there: BTreeSet<_> = page.names().into_iter().map(str::to_owned).collect();
    let (dashboard, alerts) = (read("deploy/grafana/keystead.json"), read("deploy/prometheus/alerts.yml"));
    let (in_dashboard, in_alerts) = (names_in(&dashboard), names_in(&alerts));
    assert!(!in_alerts.is_empty());
    assert_eq!(missing(&in_dashboard, &there), [""; 0], "in the dashboard");
    assert_eq!(missing(&in_alerts, &there), [""; 0], "in the alert rules");
    let unseen = missing(&there, &in_dashboard);
    assert_eq!(unseen, [""; 0], "not in the dashboard");
    let documented: BTreeSet<_> = read("docs/operate/metrics.md")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `keystead_")?.split('`').next()?.to_owned()))
        .map(|rest| format!("keystead_{rest}"))
        .collect();
    assert_eq!(missing(&documented, &there), [""; 0], "in the documentation");
    assert_eq!(missing(&there, &documented), [""; 0], "not in the documentation");
}

#[test]
fn every_panel_of_the_dashboard_asks_the_chosen_data_source() {
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/keystead.json")).unwrap();
    let variables = dashboard["templating"]["list"].as_array().unwrap();
    assert!(
        variables.iter().any(|variable| variable["name"] == "datasource" && variable["type"] == "datasource")
    );
    let panels = dashboard["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row");
    let (mut ids, mut number) = (BTreeSet::new(), 0);
    for panel in panels {
        number += 1;
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{}", panel["title"]);
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{}", panel["title"]);
        for target in panel["targets"].as_array().unwrap() {
            assert!(!names_in(target["expr"].as_str().unwrap()).is_empty(), "{target}");
        }
    }
    assert!(number >= 12);
}

#[test]
fn every_alert_is_tested_and_the_page_says_what_to_do() {
    let (alerts, tests) = (read("deploy/prometheus/alerts.yml"), read("deploy/prometheus/alerts.test.yml"));
    let documented = read("docs/operate/metrics.md");
    let names: Vec<_> = alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let fires = format!("alertname: {name}\n        exp_alerts:\n          - exp_labels");
        assert!(tests.contains(&fires), "no test in which {name} fires");
        assert!(
            tests.contains(&format!("alertname: {name}\n        exp_alerts: []")),
            "no test in which {name} is silent"
        );
        assert!(documented.contains(&format!("### {name}\n")), "{name} is not documented");
    }
}

#[test]
fn promtool_accepts_the_configuration_and_the_rules() {
    if !is_wanted() {
        return;
    }
    let file = |name: &str| repository(PROMETHEUS).join(name).display().to_string();
    promtool(&["check", "config", &file("prometheus.yml")], "");
    promtool(&["check", "rules", &file("alerts.yml")], "");
    promtool(&["test", "rules", &file("alerts.test.yml")], "");
}

#[test]
fn promtool_can_read_every_query_of_the_dashboard() {
    if !is_wanted() {
        return;
    }
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/keystead.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
    let rule = |(number, target): (usize, &Value)| {
        let query = target["expr"].as_str().unwrap().replace("$__rate_interval", "5m");
        assert!(query.contains("job=~\"$job\",instance=~\"$instance\""), "{query}");
        format!("      - record: query_{number}\n        expr: |\n          {query}\n")
    };
    let rules: String = targets.enumerate().map(rule).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.yml");
    std::fs::write(&file, format!("groups:\n  - name: dashboard\n    rules:\n{rules}")).unwrap();
    promtool(&["check", "rules", &file.display().to_string()], "");
}
