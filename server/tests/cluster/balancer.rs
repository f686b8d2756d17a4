//! HAProxy with the configuration of the page, in front of the nodes and of PostgreSQL.

use std::net::TcpListener;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::page::{block, replace};
use crate::proxy::{self, Proxy};

pub struct Balancer {
    /// In front of the nodes.
    pub nodes: Proxy,
    /// The port of the primary, on all addresses of this machine.
    pub primary_port: u16,
    _folder: TempDir,
}

impl Balancer {
    /// Starts HAProxy for these nodes and PostgreSQL servers, given by their addresses.
    pub fn start(nodes: &[String; 3], servers: [u16; 2]) -> Self {
        let (port, primary_port) = (free_port(), free_port());
        let [one, two, three] = nodes.clone();
        let [first, second] = servers.map(|port| format!("127.0.0.1:{port}"));
        let configuration = replace(
            block("# haproxy.cfg"),
            &[
                ("bind :443 ssl crt /etc/haproxy/keystead.pem", format!("bind 127.0.0.1:{port}")),
                ("bind :5432", format!("bind 0.0.0.0:{primary_port}")),
                ("10.0.0.11:8000", one),
                ("10.0.0.12:8000", two),
                ("10.0.0.13:8000", three),
                ("10.0.0.21:5432", first),
                ("10.0.0.22:5432", second),
            ],
        );
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, configuration).unwrap();
        let command = || {
            let mut command = Command::new(proxy::program("haproxy"));
            command.arg("-f").arg(&file);
            command
        };
        let checked = command().arg("-c").output().unwrap();
        assert!(checked.status.success(), "{checked:?}");
        // It reports each server that fails.
        let nodes = proxy::start(command().arg("-db").stderr(Stdio::null()), port);
        Self { nodes, primary_port, _folder: folder }
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
