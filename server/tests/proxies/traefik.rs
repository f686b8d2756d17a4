//! Traefik. Keystead generates the dynamic configuration.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use crate::journey;
use crate::proxy::{self, Proxy};
use crate::reverse_proxy::Kind;
use tempfile::TempDir;

pub const KIND: Kind = Kind::plain("traefik", start);

#[tokio::test(flavor = "multi_thread")]
async fn traefik_forwards_only_allowed_requests() {
    if proxy::is_wanted() {
        journey::run_journey(KIND).await;
    }
}

fn start(configuration: &str, folder: &TempDir) -> Proxy {
    let port = proxy::free_port();
    let proxy = run(configuration, folder, port, &[format!("--entrypoints.web.address=127.0.0.1:{port}")]);
    // Traefik listens before it has read its configuration. Until then, it answers every request with 404.
    for _ in 0..100 {
        if !first_line(port).contains(" 404 ") {
            return proxy;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("Traefik does not take the configuration");
}

/// Starts Traefik with entry points and a dynamic configuration.
pub fn run(configuration: &str, folder: &TempDir, port: u16, entry_points: &[String]) -> Proxy {
    let file = folder.path().join("dynamic.yaml");
    fs::write(&file, configuration).unwrap();
    let mut command = Command::new(proxy::program("traefik"));
    command.args(entry_points);
    command.arg(format!("--providers.file.filename={}", file.display()));
    command.args([
        "--global.checknewversion=false",
        "--global.sendanonymoususage=false",
        "--log.level=ERROR",
    ]);
    proxy::start(command.current_dir(folder.path()), port)
}

/// The first line of the answer to a request.
fn first_line(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line
}
