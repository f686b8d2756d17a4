//! `keystead healthcheck` asks a running server whether it is ready. It needs no other program, so that it works in a
//! container that contains nothing but Keystead.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::Args;
use url::{Position, Url};

use super::{Failure, print_line};
use crate::config::AddressArgs;

/// How long to wait for the whole answer. Supervisors wait longer than that for a health check.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3);

/// Maximum number of bytes that are read from an answer. Answers of the two probes are much shorter. The metrics, which
/// `keystead doctor` reads, have about 60 KiB.
const ANSWER_BYTES_MAX: u64 = 512 * 1024;

/// Maximum length of the server's message in the output, in characters.
const MESSAGE_LENGTH_MAX: usize = 200;

#[derive(Args)]
pub(super) struct Healthcheck {
    /// Address of the server, such as `http://127.0.0.1:3000`. The default is the address in `--listen`.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Asks only whether the server and its database answer (`/healthz`), and not whether it can verify keys
    /// (`/readyz`).
    #[arg(long = "alive")]
    only_healthz: bool,
    #[command(flatten)]
    address: AddressArgs,
}

impl Healthcheck {
    pub(super) fn run(self) -> Result<(), Failure> {
        let path = if self.only_healthz { "/healthz" } else { "/readyz" };
        let host = match &self.url {
            Some(url) => host_in(url)?,
            None => local_host(self.address.check()?.listen)?,
        };
        let answer =
            ask(host.clone(), path).map_err(|error| format!("{host} does not respond ({error})."))?;
        match status_of(&answer) {
            Some(200) => print_line(&format!("{host} responds to {path} with 200.")),
            Some(status) => {
                let message = message_of(&answer).unwrap_or_default();
                Err(format!("{host} responds to {path} with {status}. {message}").trim_end().into())
            }
            None => Err(format!("{host} does not respond as a web server.").into()),
        }
    }
}

/// The host and port in a URL.
fn host_in(url: &str) -> Result<String, Failure> {
    const RIGHT: &str = "The option --url is not the address of a server. Give http, a host and a port, such as \
                         http://127.0.0.1:3000.";
    let url = Url::parse(url).map_err(|_| RIGHT)?;
    let is_bare =
        &url[Position::BeforePath..] == "/" && url.username().is_empty() && url.password().is_none();
    match (url.scheme(), url.host_str(), url.port_or_known_default()) {
        ("http", Some(host), Some(port)) if is_bare => Ok(format!("{host}:{port}")),
        _ => Err(RIGHT.into()),
    }
}

/// The host and port at which this machine reaches a server that listens on `listen`.
pub(super) fn local_host(listen: SocketAddr) -> Result<String, Failure> {
    const NO_PORT: &str = "The setting --listen (KEYSTEAD_LISTEN) lets the system choose the port. Give the address of the \
                           server with --url.";
    let ip = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    match listen.port() {
        0 => Err(NO_PORT.into()),
        port => Ok(SocketAddr::new(ip, port).to_string()),
    }
}

/// Sends the request and returns what the server answers. It runs on a thread of its own, because neither the lookup of
/// a name nor a server that sends its answer byte by byte has a time limit.
pub(super) fn ask(host: String, path: &'static str) -> io::Result<Vec<u8>> {
    let (send, receive) = mpsc::sync_channel(1);
    let asking = move || {
        // Sending fails only if the time is up.
        let _late = send.send(exchange(&host, path));
    };
    thread::Builder::new().name("ask".to_owned()).spawn(asking)?;
    receive.recv_timeout(ANSWERED_WITHIN).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn exchange(host: &str, path: &str) -> io::Result<Vec<u8>> {
    let mut refused = io::Error::from(io::ErrorKind::NotFound);
    for address in host.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, ANSWERED_WITHIN) {
            Ok(mut stream) => {
                write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
                let mut answer = Vec::new();
                stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
                return Ok(answer);
            }
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

pub(super) fn status_of(answer: &[u8]) -> Option<u16> {
    let rest = answer.strip_prefix(b"HTTP/1.")?;
    std::str::from_utf8(rest.get(2..5)?).ok()?.parse().ok()
}

/// The sentence in the body of an error, cut to a length that fits into a line.
pub(super) fn message_of(answer: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body_of(answer)?).ok()?;
    Some(body.get("error")?.get("message")?.as_str()?.chars().take(MESSAGE_LENGTH_MAX).collect())
}

pub(super) fn body_of(answer: &[u8]) -> Option<&[u8]> {
    let begin = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    answer.get(begin..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_this_machine() {
        for (listen, host) in [
            ("0.0.0.0:3000", "127.0.0.1:3000"),
            ("[::]:3000", "[::1]:3000"),
            ("10.0.0.7:80", "10.0.0.7:80"),
            ("127.0.0.1:1", "127.0.0.1:1"),
        ] {
            assert_eq!(local_host(listen.parse().unwrap()).unwrap(), host);
        }
        assert!(local_host("0.0.0.0:0".parse().unwrap()).unwrap_err().to_string().contains("--url"));
    }

    #[test]
    fn only_the_bare_address_of_a_server_is_accepted() {
        assert_eq!(host_in("http://keys.internal:3000").unwrap(), "keys.internal:3000");
        assert_eq!(host_in("http://[::1]/").unwrap(), "[::1]:80");
        for url in
            ["", "localhost:3000", "https://a", "http://a/x", "http://a/?b", "http://u:hunter2@a", "ftp://a"]
        {
            let error = host_in(url).unwrap_err().to_string();
            assert!(error.contains("--url") && !error.contains("hunter2"), "{url}: {error}");
        }
    }

    #[test]
    fn the_status_and_the_message_of_an_answer_are_found() {
        let answer =
            b"HTTP/1.1 503 Service Unavailable\r\na: b\r\n\r\n{\"error\":{\"message\":\"Stopping.\"}}";
        assert_eq!((status_of(answer), message_of(answer).as_deref()), (Some(503), Some("Stopping.")));
        for nonsense in [&b""[..], b"HTTP/1.1", b"SSH-2.0-x", b"HTTP/1.1 2x0 "] {
            assert_eq!((status_of(nonsense), message_of(nonsense)), (None, None));
        }
    }
}
