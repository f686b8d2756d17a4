//! Caddy and nginx with the configurations of the page: a node is killed, and they stop using it.

use std::fs;
use std::process::Command;

use reqwest::Client;
use service::testing::TestBed;
use tempfile::TempDir;

use crate::balancer::free_port;
use crate::clients::{Verdict, verify};
use crate::node::Node;
use crate::page::{block, replace};
use crate::proxy::{self, Proxy};

/// Requests in a row that succeed.
const REQUESTS: usize = 100;
/// Requests that may be sent until then. One that meets a connection to the node that has just gone can fail.
const REQUESTS_MAX: usize = 2000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_and_nginx_stop_using_a_node_that_is_gone() {
    if !proxy::is_wanted() {
        return;
    }
    let bed = TestBed::postgres().await;
    let url = bed.database.url().to_string();
    let mut nodes = [(); 3].map(|()| Node::new(format!("127.0.0.1:{}", free_port()), None));
    let made = nodes[0].place().bootstrap(&["--database-url", &url]);
    let admin = made["admin_key"].as_str().unwrap();
    for node in &mut nodes {
        node.use_database(url.clone());
        node.start();
    }
    let folder = tempfile::tempdir().unwrap();
    let hosts = nodes.each_ref().map(|node| node.host.clone());
    let balancers = [start_caddy(&hosts, &folder), start_nginx(&hosts, &folder)];
    let client = Client::builder().no_proxy().build().unwrap();
    for is_killed in [false, true] {
        if is_killed {
            nodes[1].kill();
        }
        for balancer in &balancers {
            let path = format!("{}/v1/keys/verify", balancer.address);
            let (mut sent, mut in_a_row) = (0, 0);
            while in_a_row < REQUESTS {
                let verdict = verify(&client, &path, admin, admin).await;
                assert!(!matches!(verdict, Verdict::Invalid(_)), "{verdict:?}");
                in_a_row = if verdict == Verdict::Valid { in_a_row + 1 } else { 0 };
                sent += 1;
                assert!(sent < REQUESTS_MAX, "{path}: requests fail, killed: {is_killed}");
            }
        }
    }
}

fn start_caddy([one, two, three]: &[String; 3], folder: &TempDir) -> Proxy {
    let (port, nodes) = (free_port(), format!("{one} {two} {three}"));
    let configuration = replace(
        block("keys.example.com {"),
        &[
            ("keys.example.com {", format!("http://127.0.0.1:{port} {{")),
            ("10.0.0.11:8000 10.0.0.12:8000 10.0.0.13:8000", nodes),
        ],
    );
    let file = folder.path().join("Caddyfile");
    fs::write(&file, format!("{{\n\tadmin off\n\tlog {{\n\t\toutput discard\n\t}}\n}}\n\n{configuration}"))
        .unwrap();
    let mut command = Command::new(proxy::program("caddy"));
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file).env("HOME", folder.path());
    command.env("XDG_DATA_HOME", folder.path()).env("XDG_CONFIG_HOME", folder.path());
    proxy::start(&mut command, port)
}

fn start_nginx([one, two, three]: &[String; 3], folder: &TempDir) -> Proxy {
    let port = free_port();
    let configuration = replace(
        block("upstream keystead {"),
        &[
            ("10.0.0.11:8000", one.clone()),
            ("10.0.0.12:8000", two.clone()),
            ("10.0.0.13:8000", three.clone()),
            ("listen 443 ssl;", format!("listen 127.0.0.1:{port};")),
            ("ssl_certificate /etc/nginx/keystead.pem;", String::new()),
            ("ssl_certificate_key /etc/nginx/keystead.key;", String::new()),
        ],
    );
    let root = folder.path().display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {root}/{kind};\n"))
        .concat();
    let whole = format!(
        "daemon off;\nworker_processes 1;\npid {root}/nginx.pid;\nerror_log stderr crit;\n\
         events {{ worker_connections 256; }}\nhttp {{\naccess_log off;\n{temporary}\n{configuration}\n}}\n"
    );
    let file = folder.path().join("nginx.conf");
    fs::write(&file, whole).unwrap();
    let mut command = Command::new(proxy::program("nginx"));
    proxy::start(command.arg("-p").arg(folder.path()).arg("-c").arg(file), port)
}
