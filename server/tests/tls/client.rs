//! A client that speaks TLS and trusts one authority.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Maximum time that a test waits for an answer.
pub const TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub struct TlsClient {
    config: ClientConfig,
    address: SocketAddr,
}

pub struct Connection(pub TlsStream<TcpStream>);

impl TlsClient {
    /// Trusts the root certificates in `roots`, which are in PEM.
    pub fn new(address: SocketAddr, roots: &str) -> Self {
        let mut trusted = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(roots.as_bytes()) {
            trusted.add(root.unwrap()).unwrap();
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS12, &TLS13])
            .unwrap()
            .with_root_certificates(trusted)
            .with_no_client_auth();
        Self { config, address }
    }

    /// Offers these protocols to the server.
    pub fn offering(mut self, protocols: &[&str]) -> Self {
        self.config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        self
    }

    pub async fn connect(&self, name: &str) -> io::Result<Connection> {
        let connector = TlsConnector::from(Arc::new(self.config.clone()));
        let name = name.to_owned().try_into().unwrap();
        let shaking = async { connector.connect(name, TcpStream::connect(self.address).await?).await };
        timeout(TIMEOUT, shaking).await.expect("the handshake should end").map(Connection)
    }

    /// The certificate that a new connection gets.
    pub async fn certificate(&self, name: &str) -> Vec<u8> {
        self.connect(name).await.unwrap().certificate()
    }

    /// Sends a request with the right `Host`, and returns the whole answer.
    pub async fn send(&self, name: &str, line: &str, headers: &str, body: &str) -> String {
        let mut connection = self.connect(name).await.unwrap();
        let host = format!("{name}:{}", self.address.port());
        connection.write(&request(line, &host, headers, body)).await;
        connection.read_to_end().await
    }
}

impl Connection {
    pub fn certificate(&self) -> Vec<u8> {
        self.0.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    }

    pub fn protocol(&self) -> Option<&[u8]> {
        self.0.get_ref().1.alpn_protocol()
    }

    pub async fn write(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads until the server ends the connection.
    pub async fn read_to_end(&mut self) -> String {
        let mut bytes = Vec::new();
        let ended = timeout(TIMEOUT, self.0.read_to_end(&mut bytes)).await;
        ended.expect("the server should end the connection").unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Reads until the answer ends with `end`.
    pub async fn read_until(&mut self, end: &str) -> String {
        let mut text = String::new();
        while !text.ends_with(end) {
            let mut buffer = [0; 4096];
            let read = timeout(TIMEOUT, self.0.read(&mut buffer)).await.expect("an answer").unwrap();
            assert!(read > 0, "the connection ended after: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        text
    }
}

/// Sends bytes in the clear, and returns everything until the connection ends.
pub async fn send_plain(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let ended = timeout(TIMEOUT, stream.read_to_end(&mut answer)).await;
    let _reset_or_end = ended.expect("the server should end the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request that ends its connection.
pub fn request(line: &str, host: &str, headers: &str, body: &str) -> String {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("{line} HTTP/1.1\r\nHost: {host}\r\n{headers}{length}Connection: close\r\n\r\n{body}")
}

pub fn status(answer: &str) -> u16 {
    let word = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
    word.unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

pub fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}
