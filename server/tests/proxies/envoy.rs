//! Envoy. Keystead generates the complete configuration.

use std::fs;
use std::process::Command;

use crate::journey;
use crate::keystead::Keystead;
use crate::proxy::{self, Proxy};
use crate::reverse_proxy::Kind;
use tempfile::TempDir;

pub const KIND: Kind = Kind::plain("envoy", start);
pub const KIND_GRPC: Kind = Kind { word: "envoy", change: as_the_guide_says, start };

#[tokio::test(flavor = "multi_thread")]
async fn envoy_forwards_only_allowed_requests() {
    if proxy::is_wanted() {
        journey::run_journey(KIND).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn envoy_forwards_only_allowed_requests_over_grpc() {
    if proxy::is_wanted() {
        journey::run_journey(KIND_GRPC).await;
    }
}

/// Makes the two changes to the generated configuration that the guide shows for gRPC.
fn as_the_guide_says(configuration: &str, keystead: &Keystead) -> String {
    let guide = include_str!("../../../docs/reference/gateways.md");
    let (_, guide) = guide.split_once("## Envoy over gRPC").unwrap();
    let mut shown = guide.split("```").skip(1).step_by(2).map(|fenced| fenced.trim_start_matches("yaml\n"));
    let (filter, cluster) = (shown.next().unwrap(), shown.next().unwrap());
    let (_, rest) = configuration.split_once("path_prefix: \"/auth/").unwrap();
    let gateway = rest.split('/').next().unwrap();
    let (before, rest) =
        configuration.split_once("                      # The headers that Keystead sees").unwrap();
    let (_, after) = rest.split_once("                  - name: envoy.filters.http.router").unwrap();
    let filter = indented(filter, 22).replace("gw_…", gateway);
    let configuration = format!("{before}{filter}                  - name: envoy.filters.http.router{after}");
    let (before, rest) = configuration.split_once("    - name: keystead\n").unwrap();
    let (_, after) = rest.split_once("    - name: upstream\n").unwrap();
    let cluster = indented(cluster, 4).replace("9001", &keystead.envoy_port.to_string());
    format!("{before}{cluster}    - name: upstream\n{after}")
}

fn indented(text: &str, spaces: usize) -> String {
    let indent = " ".repeat(spaces);
    text.lines().fold(String::new(), |text, line| text + &indent + line + "\n")
}

fn start(configuration: &str, folder: &TempDir) -> Proxy {
    let place = "0.0.0.0, port_value: PORT }";
    let (configuration, port) = proxy::on_free_port(configuration, place, "127.0.0.1, port_value: PORT }");
    let file = folder.path().join("envoy.yaml");
    fs::write(&file, configuration).unwrap();
    let mut command = Command::new(proxy::program("envoy"));
    command.args(["--use-dynamic-base-id", "--concurrency", "1", "--log-level", "error", "-c"]).arg(file);
    proxy::start(&mut command, port)
}
