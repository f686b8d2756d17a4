//! Envoy, with the configuration as its whole one.

use std::fs;
use std::process::Command;

use crate::journey;
use crate::proxy::{self, Proxy};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn envoy_lets_pass_what_may() {
    if proxy::is_wanted() {
        journey::travel("envoy", start).await;
    }
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
