//! Caddy. Keystead generates the Caddyfile.

use std::fs;
use std::process::Command;

use crate::journey;
use crate::proxy::{self, Proxy};
use crate::reverse_proxy::Kind;
use tempfile::TempDir;

pub const KIND: Kind = Kind::plain("caddy", start);

#[tokio::test(flavor = "multi_thread")]
async fn caddy_forwards_only_allowed_requests() {
    if proxy::is_wanted() {
        journey::run_journey(KIND).await;
    }
}

fn start(configuration: &str, folder: &TempDir) -> Proxy {
    let (configuration, port) =
        proxy::on_free_port(configuration, "\n:PORT {", "\n:PORT {\n\tbind 127.0.0.1");
    run(&configuration, folder, port)
}

/// Starts Caddy with a configuration that names the port.
pub fn run(configuration: &str, folder: &TempDir, port: u16) -> Proxy {
    let file = folder.path().join("Caddyfile");
    // Without the administration endpoint, without port 80, and without files outside the folder.
    let global = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n\n";
    fs::write(&file, format!("{global}{configuration}")).unwrap();
    let mut command = Command::new(proxy::program("caddy"));
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file);
    command
        .env("HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path());
    proxy::start(&mut command, port)
}
