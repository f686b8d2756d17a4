//! Traefik, with the configuration as its dynamic one.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use crate::journey;
use crate::proxy::{self, Proxy};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn traefik_lets_pass_what_may() {
    if proxy::is_wanted() {
        journey::travel("traefik", start).await;
    }
}

fn start(configuration: &str, folder: &TempDir) -> Proxy {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let file = folder.path().join("dynamic.yaml");
    fs::write(&file, configuration).unwrap();
    let mut command = Command::new(proxy::program("traefik"));
    command.arg(format!("--entrypoints.web.address=127.0.0.1:{port}"));
    command.arg(format!("--providers.file.filename={}", file.display()));
    command.args([
        "--global.checknewversion=false",
        "--global.sendanonymoususage=false",
        "--log.level=ERROR",
    ]);
    proxy::start(command.current_dir(folder.path()), port)
}
