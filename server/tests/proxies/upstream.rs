//! An API that returns the request that reached it, sends events, and speaks WebSocket.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use futures_util::{SinkExt as _, StreamExt as _, stream};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::journey::HANDED;

const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Starts the API and returns its address. It ends with the test's runtime.
pub async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/v1/socket", get(socket))
        .route("/v1/events", get(events))
        .route("/v1/next-event", get(async |State(next): State<Arc<Notify>>| next.notify_one()))
        .fallback(echo)
        .with_state(Arc::<Notify>::default());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Returns the method, the path, the headers and the length of the body of the request as JSON. Each header is a list
/// of its values.
async fn echo(request: Request) -> axum::Json<Value> {
    let (request, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX).await.unwrap();
    let mut headers = Map::new();
    for (name, value) in &request.headers {
        let values = headers.entry(name.as_str()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values {
            values.push(String::from_utf8_lossy(value.as_bytes()).into_owned().into());
        }
    }
    headers.insert(":method".to_owned(), request.method.as_str().into());
    headers.insert(":path".to_owned(), request.uri.to_string().into());
    headers.insert(":body".to_owned(), body.len().into());
    axum::Json(Value::Object(headers))
}

/// Sends the identity headers of the request on a WebSocket, and then returns each message.
async fn socket(request: Request) -> Response {
    let identity =
        HANDED.map(|name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned()));
    let identity = Message::text(serde_json::to_string(&identity).unwrap());
    let accept = derive_accept_key(request.headers()["sec-websocket-key"].as_bytes());
    let upgraded = hyper::upgrade::on(request);
    tokio::spawn(async move {
        let stream = TokioIo::new(upgraded.await.unwrap());
        let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
        let _gone = socket.send(identity).await;
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() && socket.send(message).await.is_err() {
                break;
            }
        }
    });
    let response =
        Response::builder().status(101).header("connection", "Upgrade").header("upgrade", "websocket");
    response.header("sec-websocket-accept", accept).body(Body::empty()).unwrap()
}

/// Sends an event at once, and one each time that somebody asks for the next.
async fn events(State(next): State<Arc<Notify>>) -> Response {
    let events = stream::unfold(1, move |number| {
        let next = Arc::clone(&next);
        async move {
            if number > 1 {
                next.notified().await;
            }
            Some((Ok::<_, std::io::Error>(Bytes::from(format!("data: {number}\n\n"))), number + 1))
        }
    });
    Response::builder().header("content-type", "text/event-stream").body(Body::from_stream(events)).unwrap()
}
