//! Converts Envoy's messages into our types and back.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use model::gateway::HandedHeader;
use service::Surface;
use tonic::Status;

use super::messages::{
    Allowed, Answer, Attributes, CHECK, CheckRequest, CheckResponse, Denied, HeaderOption, HttpRequest,
    HttpStatus, RpcStatus,
};
use crate::gateway::{Call, Dialect, OriginalRequest, Response, X_ENVOY_AUTH_HEADERS_TO_REMOVE};
use crate::middleware::read_hop;
use crate::state::AppState;
use crate::traces;
use crate::traffic::{Route, Traffic};

/// The gRPC status code `PERMISSION_DENIED`.
const DENIED: i32 = 7;

/// Evaluates the request that Envoy asks about.
#[expect(clippy::disallowed_methods, reason = "the real duration is measured")]
pub(super) async fn check(
    state: &AppState,
    traffic: &Traffic,
    gateway: &str,
    request: CheckRequest,
) -> Result<CheckResponse, Status> {
    let Attributes { source, request } = request.attributes.unwrap_or_default();
    let http = request.and_then(|request| request.http).unwrap_or_default();
    let address = source.and_then(|peer| peer.address?.socket_address).map(|address| address.address);
    let address = address.and_then(|address| read_hop(address.as_bytes()));
    let call = Call {
        state,
        route: CHECK,
        gateway,
        headers: &headers(&http),
        peer: address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        asked: OriginalRequest { method: reported(&http.method), target: reported(&http.path) },
        own_headers: &[],
        dialect: Dialect::Envoy,
        surface: Surface::EnvoyGrpc,
    };
    let started = Instant::now();
    let response = call.answer().await;
    traffic.record(Route::ENVOY_GRPC, &Method::POST, response.status(), started.elapsed());
    traces::answered(&Method::POST, CHECK, response.status());
    match response.status() {
        StatusCode::OK => Ok(allowed(&response)),
        // An error is not a verdict, so the call fails and Envoy handles the failure.
        status if status.is_server_error() => Err(Status::unavailable("Keys cannot be checked now.")),
        _ => Ok(denied(&response)),
    }
}

/// Envoy sends an empty text for a value that is absent.
fn reported(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The headers without the pseudo-headers of HTTP/2. A header whose value cannot be sent over HTTP/1 is kept with an
/// empty value, because its presence may be enough to refuse the request.
fn headers(http: &HttpRequest) -> HeaderMap {
    let joined = http.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let raw = http.header_map.iter().flat_map(|map| &map.headers).map(|header| {
        let value = if header.raw_value.is_empty() { header.value.as_bytes() } else { &header.raw_value };
        (header.key.as_str(), value)
    });
    let mut headers = HeaderMap::new();
    for (name, value) in joined.chain(raw).filter(|(name, _)| !name.starts_with(':')) {
        if let Ok(name) = HeaderName::try_from(name) {
            headers.append(name, HeaderValue::from_bytes(value).unwrap_or(HeaderValue::from_static("")));
        }
    }
    headers
}

/// Sets every identity header, if need be to an empty value. A client can therefore not pass its own headers to the
/// upstream.
fn allowed(response: &Response) -> CheckResponse {
    let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let identity = HandedHeader::ALL.iter().map(|header| {
        let name = header.as_str().to_ascii_lowercase();
        HeaderOption::set(&name, text(&name).unwrap_or_default())
    });
    let hidden = text(X_ENVOY_AUTH_HEADERS_TO_REMOVE.as_str()).map(str::to_ascii_lowercase);
    let answer = Allowed { headers: identity.collect(), headers_to_remove: hidden.into_iter().collect() };
    CheckResponse { status: Some(RpcStatus { code: 0 }), answer: Some(Answer::Allowed(answer)) }
}

fn denied(response: &Response) -> CheckResponse {
    let headers = response
        .headers()
        .iter()
        .filter_map(|(name, value)| Some(HeaderOption::set(name.as_str(), value.to_str().ok()?)));
    let answer = Denied {
        status: Some(HttpStatus { code: response.status().as_u16().into() }),
        headers: headers.collect(),
        body: String::from_utf8_lossy(response.body()).into_owned(),
    };
    CheckResponse { status: Some(RpcStatus { code: DENIED }), answer: Some(Answer::Denied(answer)) }
}

#[cfg(test)]
mod tests {
    use super::super::messages::{Header, RawHeaders};
    use super::*;

    fn raw(name: &str, value: &[u8]) -> Header {
        Header { key: name.to_owned(), value: String::new(), raw_value: value.to_owned() }
    }

    #[test]
    fn headers_are_read_both_joined_and_separate() {
        let joined = [(":path", "/"), ("x-api-key", "a,b"), ("a b", "c")];
        let joined = joined.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let http = HttpRequest { headers: joined.into(), ..HttpRequest::default() };
        assert_eq!(headers(&http).get_all("x-api-key").iter().collect::<Vec<_>>(), ["a,b"]);
        assert_eq!(headers(&http).len(), 1);
        let each =
            vec![raw(":method", b"GET"), raw("x-api-key", b"a"), raw("x-api-key", b"b"), raw("z", b"\n")];
        let http = HttpRequest { header_map: Some(RawHeaders { headers: each }), ..HttpRequest::default() };
        assert_eq!(headers(&http).get_all("x-api-key").iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((headers(&http).len(), headers(&http)["z"].as_bytes()), (3, &b""[..]));
    }
}
