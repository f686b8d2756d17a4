//! Pebble, an authority for tests that speaks ACME as Let's Encrypt does.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use crate::authority::Authority;
use crate::binary::TestFolder;
use crate::client::{TIMEOUT, TlsClient};
use crate::node::now;

/// A running authority. Dropping this value stops it.
pub struct Pebble {
    child: Child,
    authority: Authority,
    /// Where it listens, also for questions about itself.
    port: u16,
    management: SocketAddr,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Pebble {
    /// Starts an authority that checks names at a port of this machine, and issues certificates for some seconds.
    pub async fn start(folder: &TestFolder, checked_port: u16, validity_seconds: u32) -> Self {
        let authority = Authority::new();
        let files = [folder.path("pebble-cert.pem"), folder.path("pebble-key.pem")];
        authority.issue(&["localhost"]).write(&files[0], &files[1]);
        fs::write(folder.path("pebble-ca.pem"), authority.pem()).unwrap();
        let (port, management) = (free_port(), SocketAddr::from(([127, 0, 0, 1], free_port())));
        let settings = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": management.to_string(),
            "certificate": files[0],
            "privateKey": files[1],
            "httpPort": 9,
            "tlsPort": checked_port,
            "certificateValidityPeriod": validity_seconds,
        }});
        fs::write(folder.path("pebble.json"), settings.to_string()).unwrap();
        let log = File::create(folder.path("pebble.log")).unwrap();
        let child = Command::new(program("pebble"))
            .args(["-config", "pebble.json"])
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_WFE_NONCEREJECT", "0")
            .current_dir(folder.path(""))
            .stdin(Stdio::null())
            .stderr(log.try_clone().unwrap())
            .stdout(log)
            .spawn()
            .unwrap();
        let started = now();
        while TcpStream::connect(management).is_err() {
            assert!(
                started.elapsed() < TIMEOUT,
                "{}",
                fs::read_to_string(folder.path("pebble.log")).unwrap()
            );
            sleep(Duration::from_millis(20)).await;
        }
        Self { child, authority, port, management }
    }

    /// The settings of a server that gets its certificate here.
    pub fn settings(&self) -> Vec<String> {
        settings(self.port)
    }

    /// The root of the certificates that it issues, in PEM. It makes one at each start.
    pub async fn root(&self) -> String {
        let client = TlsClient::new(self.management, &self.authority.pem());
        let answer = client.send("localhost", "GET /roots/0", "", "").await;
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }
}

pub fn settings(port: u16) -> Vec<String> {
    let directory = format!("--tls-acme-directory=https://localhost:{port}/dir");
    vec!["--tls-acme=localhost".to_owned(), directory, "--tls-acme-ca=pebble-ca.pem".to_owned()]
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The path of an installed program.
fn program(name: &str) -> PathBuf {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    // The same folder as in scripts/tools.
    let cache =
        variable("XDG_CACHE_HOME").unwrap_or(format!("{}/.cache", variable("HOME").unwrap_or_default()));
    let tools = variable("KEYSTEAD_TOOLS").unwrap_or(format!("{cache}/keystead/tools")) + "/pebble/usr/bin";
    let paths = variable("PATH").unwrap_or_default();
    let mut found = paths.split(':').chain([tools.as_str()]).map(|folder| Path::new(folder).join(name));
    found
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is not installed: run scripts/install test"))
}
