//! An API that returns the request that reached it.

use std::net::SocketAddr;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use serde_json::{Map, Value};
use tokio::net::TcpListener;

const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Starts the API and returns its address. It ends with the test's runtime.
pub async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(echo);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Returns the method, the path, the headers and the length of the body of the request as JSON. Each header is a list of
/// its values.
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
