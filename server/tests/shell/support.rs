//! A server in the test's process, and a client that sends raw bytes.

use std::net::SocketAddr;
use std::time::Duration;

use model::key::KeyPrefix;
use server::boot::{self, Server};
use server::config::{
    Database, DocsReaders, HttpSettings, KeySettings, LogFormat, LogSettings, ServeSettings, ServiceSettings,
    SessionSettings, StoreSettings,
};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Maximum time that a test waits for anything.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A running server with its own database and port.
pub struct TestServer {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    data: TempDir,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::with(|_| {}, |_| {}).await
    }

    /// Starts a server with changed settings or limits.
    pub async fn with(
        change_settings: impl FnOnce(&mut ServeSettings),
        change_server: impl FnOnce(&mut Server),
    ) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut settings = settings(&data);
        change_settings(&mut settings);
        let mut server = boot::start(&settings).await.unwrap();
        change_server(&mut server);
        let address = server.local_address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(boot::serve(server, async {
            let _ = stopped.await;
        }));
        Self { address, stop, task, data }
    }

    pub async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Sends the head of a request without a body, and returns the whole answer. Adds the right `Host` header if
    /// `headers` has none.
    pub async fn send(&self, line: &str, headers: &str) -> String {
        let host =
            if format!("\n{headers}").contains("\nHost:") { String::new() } else { self.host_header() };
        self.send_raw(&format!("{line} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n")).await
    }

    /// Sends raw bytes, and returns everything until the connection ends.
    pub async fn send_raw(&self, bytes: &str) -> String {
        let mut client = self.connect().await;
        client.write(bytes).await;
        client.read_to_end().await
    }

    pub fn host_header(&self) -> String {
        format!("Host: {}\r\n", self.address)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Tells the server to stop. The returned handle completes when the server has ended.
    pub fn stop(self) -> (JoinHandle<()>, TempDir) {
        let _ = self.stop.send(());
        (self.task, self.data)
    }
}

fn settings(data: &TempDir) -> ServeSettings {
    let data_dir = data.path().join("data");
    ServeSettings {
        operator_token: None,
        node_name: "test".to_owned(),
        docs: DocsReaders::Local,
        seal_key_file: None,
        backup: None,
        traces: None,
        http: HttpSettings {
            listen: "127.0.0.1:0".parse().unwrap(),
            envoy_grpc_listen: None,
            metrics_listen: None,
            public_url: None,
            tls: None,
            trusted_proxies: Vec::new(),
            connections_max: 100,
            header_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(5),
        },
        service: ServiceSettings {
            usage_days_kept: 400,
            store: StoreSettings {
                database: Database::Sqlite(data_dir.join("keystead.db")),
                data_dir,
                shared_dir: None,
                database_connections_max: 2,
            },
            keys: KeySettings {
                prefix: KeyPrefix::default(),
                rate_limit_default: 6000,
                verified_max: 5_000_000,
                per_organization_max: 1000,
            },
            sessions: SessionSettings { idle: Duration::from_mins(30), max: Duration::from_hours(12) },
        },
        log: LogSettings { filter: "error".to_owned(), format: LogFormat::Text },
    }
}

pub struct Client(pub TcpStream);

impl Client {
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

    /// Reads one answer whose body has a `Content-Length`. Leaves the connection open.
    pub async fn read_answer(&mut self) -> String {
        let mut text = String::new();
        let mut buffer = [0; 4096];
        while !is_whole(&text) {
            let read = timeout(TIMEOUT, self.0.read(&mut buffer)).await.expect("an answer").unwrap();
            assert!(read > 0, "the connection ended after: {text}");
            text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        }
        text
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    body.len()
        >= header(&format!("{head}\r\n\r\n"), "content-length").map_or(0, |length| length.parse().unwrap())
}

pub fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

pub fn header(answer: &str, name: &str) -> Option<String> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}
