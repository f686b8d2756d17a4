//! A client for the port on which Envoy asks over gRPC. It knows only the parts of the messages that the tests need.

#![allow(dead_code, reason = "each test binary uses a part of this")]

use std::net::SocketAddr;

use axum::body::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::net::TcpStream;

/// One connection. Clones share it.
#[derive(Clone)]
pub struct GrpcClient {
    sender: SendRequest<Full<Bytes>>,
    address: SocketAddr,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// The request may pass.
    Allowed,
    /// The request must be answered with this status. The text is the decision in `x-key-decision`.
    Denied(i32, String),
    /// The call failed with this gRPC code.
    Failed(i32),
}

/// The gRPC code `UNAVAILABLE`.
pub const UNAVAILABLE: i32 = 14;
/// The gRPC codes with which a message that is too long is refused: `RESOURCE_EXHAUSTED` or `OUT_OF_RANGE`.
pub const TOO_LONG: [i32; 2] = [8, 11];

impl GrpcClient {
    /// Connects. Returns an error if the HTTP/2 handshake fails.
    pub async fn connect(address: SocketAddr) -> hyper::Result<Self> {
        let stream = TcpStream::connect(address).await.unwrap();
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, address })
    }

    /// Waits until the server accepts no more requests on this connection.
    pub async fn ended(&mut self) {
        while self.sender.ready().await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// Asks whether a request for `GET /v1/x` with these headers may pass.
    pub async fn check(&mut self, gateway: &str, headers: &[(&str, &str)]) -> hyper::Result<Checked> {
        let verify_request = verify_request(headers).encode_to_vec();
        // A gRPC frame: a zero byte for "not compressed", then the length, then the message.
        let mut framed = vec![0];
        framed.extend(u32::try_from(verify_request.len()).unwrap().to_be_bytes());
        framed.extend(verify_request);
        let request =
            Request::post(format!("http://{}/envoy.service.auth.v3.Authorization/Check", self.address))
                .header("content-type", "application/grpc")
                .header("te", "trailers")
                .header("x-keystead-gateway", gateway)
                .body(Full::from(framed))
                .unwrap();
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        let body = body.collect().await?;
        let code = |headers: &http::HeaderMap| headers.get("grpc-status")?.to_str().ok()?.parse().ok();
        let code = code(&head.headers).or_else(|| code(body.trailers()?)).unwrap();
        if code != 0 {
            return Ok(Checked::Failed(code));
        }
        let answer = CheckResponse::decode(&body.to_bytes()[5..]).unwrap();
        Ok(match (answer.status.unwrap_or_default().code, answer.denied, answer.allowed) {
            (0, None, Some(_)) => Checked::Allowed,
            (7, Some(denied), None) => {
                let word = denied.headers.into_iter().filter_map(|option| option.header);
                let mut word =
                    word.filter(|header| header.key == "x-key-decision").map(|header| header.value);
                Checked::Denied(denied.status.unwrap_or_default().code, word.next().unwrap_or_default())
            }
            other => panic!("neither allowed nor denied: {other:?}"),
        })
    }
}

fn verify_request(headers: &[(&str, &str)]) -> CheckRequest {
    let header = |(key, value): &(&str, &str)| Header { key: (*key).to_owned(), value: (*value).to_owned() };
    let headers = Some(RawHeaders { headers: headers.iter().map(header).collect() });
    let http = HttpRequest { method: "GET".to_owned(), path: "/v1/x".to_owned(), headers };
    CheckRequest { attributes: Some(Attributes { request: Some(Asked { http: Some(http) }) }) }
}

#[derive(Clone, PartialEq, Message)]
struct CheckRequest {
    #[prost(message, optional, tag = "1")]
    attributes: Option<Attributes>,
}

#[derive(Clone, PartialEq, Message)]
struct Attributes {
    #[prost(message, optional, tag = "4")]
    request: Option<Asked>,
}

#[derive(Clone, PartialEq, Message)]
struct Asked {
    #[prost(message, optional, tag = "2")]
    http: Option<HttpRequest>,
}

#[derive(Clone, PartialEq, Message)]
struct HttpRequest {
    #[prost(string, tag = "2")]
    method: String,
    #[prost(string, tag = "4")]
    path: String,
    #[prost(message, optional, tag = "13")]
    headers: Option<RawHeaders>,
}

#[derive(Clone, PartialEq, Message)]
struct RawHeaders {
    #[prost(message, repeated, tag = "1")]
    headers: Vec<Header>,
}

#[derive(Clone, PartialEq, Message)]
struct Header {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, tag = "2")]
    value: String,
}

#[derive(Clone, PartialEq, Message)]
struct CheckResponse {
    #[prost(message, optional, tag = "1")]
    status: Option<Code>,
    #[prost(message, optional, tag = "2")]
    denied: Option<Denied>,
    #[prost(message, optional, tag = "3")]
    allowed: Option<Allowed>,
}

#[derive(Clone, PartialEq, Message)]
struct Denied {
    #[prost(message, optional, tag = "1")]
    status: Option<Code>,
    #[prost(message, repeated, tag = "2")]
    headers: Vec<HeaderOption>,
}

#[derive(Clone, PartialEq, Message)]
struct Allowed {
    #[prost(message, repeated, tag = "2")]
    headers: Vec<HeaderOption>,
}

#[derive(Clone, PartialEq, Message)]
struct HeaderOption {
    #[prost(message, optional, tag = "1")]
    header: Option<Header>,
}

/// A gRPC status or an HTTP status.
#[derive(Clone, PartialEq, Message)]
struct Code {
    #[prost(int32, tag = "1")]
    code: i32,
}
