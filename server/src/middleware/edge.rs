//! The outermost middleware: gives the request its id, limits its time, adds the common headers to the answer, and
//! lets the log line be written.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, USER_AGENT, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::problem::{Code, Problem};
use service::RequestContext;

use super::ClientAddress;
use super::log_line::{Answered, LogLine};
use crate::api::http::envelope;
use crate::api::http::problem::refuse;
use crate::leaked_secret::may_hold_key;
use crate::request_id::{RequestId, X_REQUEST_ID};
use crate::state::AppState;
use crate::traces;

/// Makes browsers use TLS for this host for a year. The value has no `includeSubDomains`, because subdomains are not
/// ours to decide about, and no `preload`, because a host is hard to remove from the browsers' built-in lists.
const STRICT_TRANSPORT_SECURITY_VALUE: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Longer user agents are cut to this many characters.
const AGENT_LENGTH_MAX: usize = 256;

#[expect(clippy::disallowed_methods, reason = "the log line reports the real duration")]
pub async fn edge(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::of(request.headers(), state.service());
    traces::record_request_id(&id);
    let client = ClientAddress::of_request(request.extensions(), request.headers(), state.trusted_proxies());
    let context = RequestContext {
        address: Some(client.0.to_string()),
        agent: agent(request.headers()),
        request_id: Some(id.as_str().to_owned()),
    };
    request.extensions_mut().insert(context);
    let line = LogLine::of(&request);

    let is_enveloped = envelope::covers(request.uri().path());

    let mut response = if request.uri().path().starts_with('/') {
        let answer = id.clone().scope(next.run(request));
        tokio::time::timeout(state.request_timeout(), answer).await.unwrap_or_else(|_| too_slow())
    } else {
        let message = "The request line has no path.";
        refuse(Code::BadRequest, message)
    };

    // The code is read before the envelope replaces the body.
    let code = response.extensions().get::<Problem>().map(|problem| problem.code);
    if is_enveloped {
        response = envelope::enclose(response, id.as_str());
    }
    complete(response.headers_mut(), &id);
    if state.is_secure() {
        response.headers_mut().entry(STRICT_TRANSPORT_SECURITY).or_insert(STRICT_TRANSPORT_SECURITY_VALUE);
    }
    if let Some(line) = line {
        let log = Answered { status: response.status(), code, id: &id, client, duration: started.elapsed() };
        line.write(state.service(), log).await;
    }
    response
}

/// The client's user agent, for audit records and last uses. `None` if it may contain a key that the client put into
/// the wrong header, because the key would be stored.
pub(crate) fn agent(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    (!may_hold_key(agent)).then(|| agent.chars().take(AGENT_LENGTH_MAX).collect())
}

fn too_slow() -> Response {
    let message = "The request took too long. Try again.";
    refuse(Code::Unavailable, message)
}

/// Adds the headers that every answer has. Headers that the handler has set are kept.
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
