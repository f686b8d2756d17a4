//! A server with TLS on ports of its own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::authority::{Authority, Issued};
use crate::binary::{Running, TestFolder};
use crate::client::{TIMEOUT, TlsClient, request, send_plain};

/// A server whose certificate is in the files `cert.pem` and `key.pem` of its folder.
pub struct Node {
    pub folder: TestFolder,
    pub server: Running,
    pub authority: Authority,
    pub certificate: Issued,
    /// The address of the plain port.
    pub plain: SocketAddr,
    /// The address of the port with TLS.
    pub tls: SocketAddr,
}

impl Node {
    pub fn start(more: &[&str]) -> Self {
        Self::start_in(TestFolder::new(), more)
    }

    pub fn start_in(folder: TestFolder, more: &[&str]) -> Self {
        let authority = Authority::new();
        let certificate = authority.issue(&["keys.example.com", "localhost"]);
        certificate.write(&folder.path("cert.pem"), &folder.path("key.pem"));
        Self::start_with(folder, authority, certificate, more)
    }

    pub fn start_with(folder: TestFolder, authority: Authority, certificate: Issued, more: &[&str]) -> Self {
        let arguments = ["--tls-listen", "127.0.0.1:0", "--tls-cert", "cert.pem", "--tls-key", "key.pem"];
        let server = folder.start(&[&arguments, more].concat());
        let (plain, tls) = (listening(&folder, " listen="), listening(&folder, " tls_listen="));
        Self { folder, server, authority, certificate, plain, tls }
    }

    pub fn client(&self) -> TlsClient {
        TlsClient::new(self.tls, &self.authority.pem())
    }

    /// The value of a metric, without its fraction.
    pub async fn metric(&self, name: &str) -> String {
        let address = listening(&self.folder, " metrics_listen=");
        let page = send_plain(address, request("GET /metrics", "x", "", "").as_bytes()).await;
        let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = value.unwrap_or_else(|| panic!("no {name}: {page}"));
        value.split('.').next().unwrap().to_owned()
    }

    pub async fn wait_for_metric(&self, name: &str, expected: &str) {
        let started = now();
        while self.metric(name).await != expected {
            assert!(started.elapsed() < TIMEOUT, "{name} does not become {expected}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until new connections get this certificate.
    pub async fn wait_for_certificate(&self, expected: &Issued) {
        let started = now();
        while self.client().certificate("localhost").await != expected.der {
            assert!(started.elapsed() < TIMEOUT, "the certificate is not used: {}", self.folder.log());
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The address in the first line of the log, which the system chose.
pub fn listening(folder: &TestFolder, name: &str) -> SocketAddr {
    let log = folder.log();
    let line = log.lines().rfind(|line| line.contains("Keystead is starting")).unwrap();
    let (_, rest) = line.split_once(name).unwrap_or_else(|| panic!("{line}"));
    rest.split(' ').next().unwrap().parse().unwrap()
}

pub async fn wait_for_line(folder: &TestFolder, part: &str) {
    let started = now();
    while !folder.log().contains(part) {
        assert!(started.elapsed() < TIMEOUT, "no line with {part}: {}", folder.log());
        sleep(Duration::from_millis(20)).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a real process takes is measured")]
pub fn now() -> Instant {
    Instant::now()
}
