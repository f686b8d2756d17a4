//! The outermost step: names the request, bounds its time, completes the answer's headers, and writes its log line.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{
        CACHE_CONTROL, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, USER_AGENT, X_CONTENT_TYPE_OPTIONS,
        X_FRAME_OPTIONS,
    },
};
use model::problem::Code;
use service::Origin;

use super::{ClientAddress, RequestId, misplaced::may_hold_key, request_id::X_REQUEST_ID};
use crate::{
    api::{envelope, problem::refuse},
    state::AppState,
};

/// For a year, browsers ask for nothing here without TLS. Not for names below this one, which are not ours to bind, and not
/// for the browsers' built-in lists, which are hard to leave again.
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Longer agents are cut.
const AGENT_LENGTH_MAX: usize = 256;

/// Wraps every request.
#[expect(clippy::disallowed_methods, reason = "how long an answer really took is what the log line tells")]
pub async fn edge(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::of(request.headers(), &state.service().settings().key_prefix);
    let client = ClientAddress::of_request(request.extensions(), request.headers(), state.trusted_proxies());
    let origin = Origin {
        address: Some(client.0.to_string()),
        agent: agent(request.headers()),
        request_id: Some(id.as_str().to_owned()),
    };
    request.extensions_mut().insert(origin);
    let line = LogLine::of(&request);

    let is_enveloped = envelope::covers(request.uri().path());

    let mut response = if request.uri().path().starts_with('/') {
        let answer = id.clone().scope(next.run(request));
        tokio::time::timeout(state.request_timeout(), answer).await.unwrap_or_else(|_| too_slow())
    } else {
        let message = "The request line has no path.";
        refuse(Code::BadRequest, message)
    };

    if is_enveloped {
        response = envelope::enclose(response, id.as_str());
    }
    complete(response.headers_mut(), &id);
    if state.is_secure() {
        response.headers_mut().entry(STRICT_TRANSPORT_SECURITY).or_insert(A_YEAR);
    }
    line.write(&response, &id, client, started);
    response
}

/// The client's agent, for the audit log. Not when it may hold a key that was put into the wrong header: it would be
/// stored as it is.
pub(crate) fn agent(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    (!may_hold_key(agent)).then(|| agent.chars().take(AGENT_LENGTH_MAX).collect())
}

fn too_slow() -> Response {
    let message = "The request took too long. Try again.";
    refuse(Code::Unavailable, message)
}

/// Adds what every answer has, without touching what its handler chose.
pub(crate) fn complete(headers: &mut HeaderMap, id: &RequestId) {
    let mut add = |name: HeaderName, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(CACHE_CONTROL, "no-store");
    add(X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(X_FRAME_OPTIONS, "DENY");
    add(REFERRER_POLICY, "no-referrer");
    add(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if let Some(id) = id.header() {
        headers.insert(X_REQUEST_ID, id);
    }
}

/// What is known of a request before it is handed on. The route is the pattern that matched and never the address
/// itself, into which clients put secrets.
struct LogLine {
    method: &'static str,
    route: Option<MatchedPath>,
}

impl LogLine {
    fn of(request: &Request) -> Self {
        let method = match *request.method() {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            Method::OPTIONS => "OPTIONS",
            _ => "other",
        };
        Self { method, route: request.extensions().get::<MatchedPath>().cloned() }
    }

    fn write(&self, response: &Response, id: &RequestId, client: ClientAddress, started: Instant) {
        tracing::info!(
            http.method = self.method,
            http.route = self.route.as_ref().map_or("none", MatchedPath::as_str),
            http.status = response.status().as_u16(),
            duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            request.id = id.as_str(),
            client.address = %client.0,
            "answered"
        );
    }
}
