//! nginx. Keystead generates a part of the `http` block.

use std::fs;
use std::process::Command;

use crate::journey;
use crate::proxy::{self, Proxy};
use crate::reverse_proxy::Kind;
use tempfile::TempDir;

pub const KIND: Kind = Kind::plain("nginx", start);

#[tokio::test(flavor = "multi_thread")]
async fn nginx_forwards_only_allowed_requests() {
    if proxy::is_wanted() {
        journey::run_journey(KIND).await;
    }
}

fn start(configuration: &str, folder: &TempDir) -> Proxy {
    let (configuration, port) = proxy::on_free_port(configuration, "listen PORT;", "listen 127.0.0.1:PORT;");
    // A site that accepts large uploads.
    let configuration =
        configuration.replace("location / {\n", "location / {\n        client_max_body_size 100m;\n");
    run(&configuration, folder, port)
}

/// Starts nginx with a part of the `http` block that names the port.
pub fn run(configuration: &str, folder: &TempDir, port: u16) -> Proxy {
    let root = folder.path().display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {root}/{kind};\n"))
        .concat();
    let whole = format!(
        "daemon off;\nworker_processes 1;\npid {root}/nginx.pid;\nerror_log stderr warn;\n\
         events {{ worker_connections 256; }}\n\
         http {{\naccess_log off;\n{temporary}\n{configuration}\n}}\n"
    );
    let file = folder.path().join("nginx.conf");
    fs::write(&file, whole).unwrap();
    let mut command = Command::new(proxy::program("nginx"));
    command.arg("-p").arg(folder.path()).arg("-c").arg(file);
    proxy::start(&mut command, port)
}
