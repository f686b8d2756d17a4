//! One keep-alive connection to a server.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Call;
use crate::Result;

/// The longest wait for an answer.
const ANSWER_WAIT: Duration = Duration::from_secs(30);

/// A complete answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    driver: JoinHandle<()>,
}

impl Connection {
    /// Opens a connection. Only addresses of this machine are allowed.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        if !address.ip().is_loopback() {
            return Err(format!("{address} is not this machine; nothing else is put under load").into());
        }
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Errors of the connection are reported by the requests on it.
        let driver = tokio::spawn(async move { drop(connection.await) });
        Ok(Self { sender, host: address.to_string(), driver })
    }

    /// Makes a call. Returns the answer and the time until its last byte.
    pub async fn time(&mut self, call: &Call) -> Result<(Answer, Duration)> {
        let request = call.request(&self.host)?;
        let answered = async {
            self.sender.ready().await?;
            let began = Instant::now();
            let (parts, body) = self.sender.send_request(request).await?.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok((Answer { status: parts.status, headers: parts.headers, body }, began.elapsed()))
        };
        timeout(ANSWER_WAIT, answered)
            .await
            .map_err(|_| format!("{} {}: no answer", call.method, call.path))?
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
