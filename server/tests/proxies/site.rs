//! What sites need besides plain requests: WebSocket, server-sent events, uploads in chunks, large uploads, and `HEAD`.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::journey::HANDED;
use crate::keystead::Keystead;
use crate::reverse_proxy::Visitor;

const UPLOAD_BYTES: usize = 2 * 1024 * 1024;
/// Maximum time until something arrives that was sent already.
const LIMIT: Duration = Duration::from_secs(20);

pub async fn needs(keystead: &Keystead, visitor: &Visitor) {
    let key = keystead.key("site", json!({"permissions": ["write"]})).await;
    websocket(keystead, visitor).await;
    server_sent_events(visitor, &key).await;
    uploads(visitor, &key).await;
    head(visitor, &key).await;
}

async fn open_socket(
    visitor: &Visitor,
    key: &str,
    connection: &'static str,
) -> Result<WebSocketStream<TcpStream>, Error> {
    let mut request = format!("ws://{}/v1/socket", visitor.host()).into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
    for name in HANDED {
        request.headers_mut().insert(name, HeaderValue::from_static("smuggled"));
    }
    request.headers_mut().insert("connection", HeaderValue::from_static(connection));
    let stream = TcpStream::connect(visitor.host()).await.unwrap();
    client_async(request, stream).await.map(|(socket, _)| socket)
}

async fn receive(socket: &mut WebSocketStream<TcpStream>) -> String {
    let message = timeout(LIMIT, socket.next()).await.unwrap().unwrap().unwrap();
    message.into_text().unwrap().as_str().to_owned()
}

/// The key is checked once, when the connection opens. The upstream gets its identity, whatever the client sends.
async fn websocket(keystead: &Keystead, visitor: &Visitor) {
    let key = keystead.key("socket", json!({"permissions": ["read"]})).await;
    let mut socket = open_socket(visitor, &key, "Upgrade").await.unwrap();
    let identity = receive(&mut socket).await;
    assert!(identity.contains("key_") && !identity.contains("smuggled"), "{}: {identity}", visitor.kind);
    // A proxy does not pass on headers that `Connection` names, so it must set these afterwards, or refuse.
    if let Ok(mut socket) = open_socket(visitor, &key, "Upgrade, X-Key-Scopes, X-Key-Id").await {
        assert_eq!(receive(&mut socket).await, identity, "{}", visitor.kind);
    }
    keystead.revoke("socket").await;
    socket.send(Message::text("still open")).await.unwrap();
    assert_eq!(receive(&mut socket).await, "still open");
    match open_socket(visitor, &key, "Upgrade").await {
        Err(Error::Http(reply)) => {
            assert_eq!(
                (reply.status().as_u16(), &reply.headers()["x-key-decision"]),
                (401, &"invalid_key".parse().unwrap())
            );
        }
        other => panic!("{}: {other:?}", visitor.kind),
    }
}

/// Each event arrives before the next one is sent.
async fn server_sent_events(visitor: &Visitor, key: &str) {
    let bearer = format!("Bearer {key}");
    let mut events = visitor.send(Method::GET, "/v1/events", &[("authorization", &bearer)]).await;
    assert_eq!(events.status(), 200);
    for number in 1..=3 {
        let event = timeout(LIMIT, events.chunk()).await.expect("an event").unwrap().unwrap();
        assert_eq!(event, format!("data: {number}\n\n"), "{}", visitor.kind);
        assert_eq!(visitor.get("/v1/next-event", key).await, 200);
    }
}

async fn uploads(visitor: &Visitor, key: &str) {
    let reply = visitor.upload("/v1/x", key, UPLOAD_BYTES).await;
    assert_eq!(reply.status(), 200);
    let seen: Value = reply.json().await.unwrap();
    assert_eq!(seen[":body"], json!(UPLOAD_BYTES));

    let mut stream = TcpStream::connect(visitor.host()).await.unwrap();
    let head = format!(
        "POST /v1/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n"
    );
    let body = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut reply = String::new();
    timeout(LIMIT, stream.read_to_string(&mut reply)).await.unwrap().unwrap();
    assert!(reply.starts_with("HTTP/1.1 200") && reply.contains("\":body\":11"), "{}: {reply}", visitor.kind);
}

/// `HEAD` needs what `GET` needs.
async fn head(visitor: &Visitor, key: &str) {
    let bearer = format!("Bearer {key}");
    let reply = visitor.send(Method::HEAD, "/v1/x", &[("authorization", &bearer)]).await;
    assert_eq!(reply.status(), 200);
    let refused = visitor.send(Method::HEAD, "/v1/x", &[]).await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["x-key-decision"]),
        (401, &"no_key".parse().unwrap())
    );
    assert_eq!(refused.bytes().await.unwrap(), "");
}
