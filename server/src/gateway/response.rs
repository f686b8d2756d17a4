//! Responses to proxies.

use std::sync::LazyLock;

use axum::body::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use model::gateway::{Gateway, HandedHeader, KeyHeader};
use model::verify::{RateLimitStatus, VerifiedKey};
use service::WINDOW_SECONDS;

use crate::request_id::{RequestId, X_REQUEST_ID};

/// A response to a proxy. Its body is complete from the start.
pub(crate) type Response = http::Response<Bytes>;

const X_KEY_DECISION: HeaderName = HeaderName::from_static("x-key-decision");
pub(crate) const X_ENVOY_AUTH_HEADERS_TO_REMOVE: HeaderName =
    HeaderName::from_static("x-envoy-auth-headers-to-remove");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const EMPTY: HeaderValue = HeaderValue::from_static("");
/// The initial capacity for the identity headers. Those of most keys fit.
const IDENTITY_BYTES: usize = 256;

/// How a kind of proxy interprets a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Every status except 2xx, 401 and 403 is a failure.
    Nginx,
    /// The whole response is passed to the client.
    Whole,
    /// Like [`Self::Whole`]. The response can also name headers that are not passed to the upstream.
    Envoy,
}

/// The result of evaluating a request, as reported in the header `X-Key-Decision`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Allowed,
    NoKey,
    InvalidKey,
    InsufficientPermissions,
    OutOfScope,
    RateLimited,
    Closed,
    Unreadable,
    UnknownGateway,
}

impl Decision {
    /// The name of the decision.
    pub(super) fn word(self) -> &'static str {
        self.reported().0
    }

    /// The name of the decision, the status, and the body for the client. The body contains nothing from the request.
    #[rustfmt::skip]
    fn reported(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::Allowed => ("allowed", StatusCode::OK, ""),
            Self::NoKey => ("no_key", StatusCode::UNAUTHORIZED,
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"no_key","detail":"Send an API key."}"#),
            Self::InvalidKey => ("invalid_key", StatusCode::UNAUTHORIZED,
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"invalid_key","detail":"Send a valid API key."}"#),
            Self::InsufficientPermissions => ("insufficient_permissions", StatusCode::FORBIDDEN,
                r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"insufficient_permissions","detail":"The key lacks the permission for this request."}"#),
            Self::OutOfScope => ("out_of_scope", StatusCode::FORBIDDEN,
                r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"out_of_scope","detail":"This is outside the scopes of the key."}"#),
            Self::RateLimited => ("rate_limited", StatusCode::TOO_MANY_REQUESTS,
                r#"{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","title":"Too many requests","status":429,"code":"rate_limited","detail":"The key has reached its rate limit. Wait as long as the header Retry-After says.","violated-policies":["key"]}"#),
            Self::Closed => ("closed", StatusCode::FORBIDDEN,
                r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"closed","detail":"This path is closed."}"#),
            Self::Unreadable => ("unreadable", StatusCode::FORBIDDEN,
                r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"unreadable","detail":"The request is ambiguous. Send the method, the path and the headers in their plainest form."}"#),
            Self::UnknownGateway => ("unknown_gateway", StatusCode::FORBIDDEN,
                r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"unknown_gateway","detail":"There is no such gateway, so no request can pass."}"#),
        }
    }
}

/// The headers of a response that allows a request, with empty identity headers. Copying them takes a third of the time
/// of building them.
static ALLOWED: LazyLock<HeaderMap> = LazyLock::new(|| {
    let mut headers = HeaderMap::with_capacity(HandedHeader::ALL.len() + 4);
    for header in HandedHeader::ALL {
        headers.insert(name_of(*header), EMPTY);
    }
    headers.insert(X_KEY_DECISION, HeaderValue::from_static(Decision::Allowed.reported().0));
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers
});

/// Allows a request. Every identity header is set, if need be to an empty value. A client can therefore not pass its
/// own headers to the upstream.
pub(super) fn allowed(gateway: &Gateway, key: Option<&VerifiedKey<'_>>, dialect: Dialect) -> Response {
    let mut response = Response::default();
    let headers = response.headers_mut();
    *headers = ALLOWED.clone();
    if let Some(key) = key {
        add_identity_headers(headers, gateway, key);
    }
    if dialect == Dialect::Envoy
        && gateway.hide_key
        && let Ok(name) = HeaderValue::from_str(gateway.key_header.as_str())
    {
        headers.insert(X_ENVOY_AUTH_HEADERS_TO_REMOVE, name);
    }
    response
}

/// Sets the identity headers, which are the first headers, in their order. Their values share one allocation. All
/// values are visible ASCII by construction; one that is not would be sent empty.
fn add_identity_headers(headers: &mut HeaderMap, gateway: &Gateway, key: &VerifiedKey<'_>) {
    let mut text = Vec::with_capacity(IDENTITY_BYTES);
    let mut ends = [0; HandedHeader::ALL.len()];
    for (header, end) in HandedHeader::ALL.iter().zip(&mut ends) {
        if gateway.headers.has(*header) {
            text.extend_from_slice(header.value(key).as_bytes());
        }
        *end = text.len();
    }
    let (text, mut begin) = (Bytes::from(text), 0);
    for (value, end) in headers.values_mut().zip(ends) {
        *value = HeaderValue::from_maybe_shared(text.slice(begin..end)).unwrap_or(EMPTY);
        begin = end;
    }
}

/// Refuses a request, and reports the reason as far as the client may know it.
pub(super) fn refused(
    decision: Decision,
    gateway: Option<&Gateway>,
    rate: Option<RateLimitStatus>,
    dialect: Dialect,
    id: &RequestId,
) -> Response {
    let (word, status, body) = decision.reported();
    let mut response = problem(status, body, id);
    if dialect == Dialect::Nginx && status == StatusCode::TOO_MANY_REQUESTS {
        // The nginx configuration that we generate turns this into a 429 again, based on the next header.
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
    let headers = response.headers_mut();
    headers.insert(X_KEY_DECISION, HeaderValue::from_static(word));
    if let Some(challenge) = gateway.and_then(|gateway| challenge(decision, &gateway.key_header)) {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    if let (Decision::RateLimited, Some(rate)) = (decision, rate) {
        add_rate(headers, &rate);
    }
    response
}

/// The response if the server cannot decide. No proxy can mistake it for a decision.
pub(super) fn failed(id: &RequestId) -> Response {
    const BODY: &str = r#"{"type":"about:blank","title":"Service unavailable","status":503,"code":"unavailable","detail":"Keys cannot be checked now. Try again in a moment."}"#;
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, BODY, id);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn problem(status: StatusCode, body: &'static str, id: &RequestId) -> Response {
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(id) = id.header() {
        headers.insert(X_REQUEST_ID, id);
    }
    response
}

/// Says how to present a key (RFC 6750). The standard has no scheme for keys in other headers, so they get one of our
/// own.
fn challenge(decision: Decision, place: &KeyHeader) -> Option<HeaderValue> {
    if !place.is_authorization() {
        let is_asked = matches!(decision, Decision::NoKey | Decision::InvalidKey);
        let text = || format!(r#"ApiKey realm="API", header="{}""#, place.as_str());
        return is_asked.then(text).and_then(|text| HeaderValue::from_str(&text).ok());
    }
    let text = match decision {
        Decision::NoKey => r#"Bearer realm="API""#,
        Decision::InvalidKey => r#"Bearer realm="API", error="invalid_token""#,
        Decision::InsufficientPermissions | Decision::OutOfScope => {
            r#"Bearer realm="API", error="insufficient_scope""#
        }
        Decision::Allowed
        | Decision::RateLimited
        | Decision::Closed
        | Decision::Unreadable
        | Decision::UnknownGateway => return None,
    };
    Some(HeaderValue::from_static(text))
}

fn add_rate(headers: &mut HeaderMap, rate: &RateLimitStatus) {
    let RateLimitStatus { limit, remaining, reset_at: _, retry_after_seconds } = rate;
    // The wait is absent only if the cost exceeds the limit. A proxy's request costs 1, and every limit is at least 1.
    let wait = retry_after_seconds.unwrap_or(WINDOW_SECONDS).max(1);
    headers.insert(RETRY_AFTER, HeaderValue::from(wait));
    let policy = format!("\"key\";q={limit};w={WINDOW_SECONDS}");
    let state = format!("\"key\";r={remaining};t={wait}");
    for (name, text) in [("ratelimit-policy", policy), ("ratelimit", state)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// The names are constants, because creating one at run time parses it.
fn name_of(header: HandedHeader) -> HeaderName {
    match header {
        HandedHeader::KeyId => const { HeaderName::from_static("x-key-id") },
        HandedHeader::KeyName => const { HeaderName::from_static("x-key-name") },
        HandedHeader::KeyOwner => const { HeaderName::from_static("x-key-owner") },
        HandedHeader::KeyOwnerName => const { HeaderName::from_static("x-key-owner-name") },
        HandedHeader::OrganizationId => const { HeaderName::from_static("x-organization-id") },
        HandedHeader::KeyPermissions => const { HeaderName::from_static("x-key-permissions") },
        HandedHeader::KeyScopes => const { HeaderName::from_static("x-key-scopes") },
        HandedHeader::KeyExpiresAt => const { HeaderName::from_static("x-key-expires-at") },
        HandedHeader::KeyEnvironment => const { HeaderName::from_static("x-key-environment") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_have_the_names_of_the_model() {
        for header in HandedHeader::ALL {
            assert_eq!(name_of(*header).as_str(), header.as_str().to_ascii_lowercase());
        }
    }

    #[test]
    fn the_response_that_lets_pass_begins_with_the_identity_headers() {
        let names: Vec<_> = ALLOWED.keys().take(HandedHeader::ALL.len()).cloned().collect();
        assert_eq!(names, HandedHeader::ALL.iter().map(|header| name_of(*header)).collect::<Vec<_>>());
        let mut copy = ALLOWED.clone();
        for (number, value) in copy.values_mut().enumerate() {
            *value = number.into();
        }
        for (number, name) in names.iter().enumerate() {
            assert_eq!(copy[name], number.to_string());
        }
    }

    #[test]
    fn nginx_never_receives_an_unknown_status() {
        let all = [
            Decision::NoKey,
            Decision::InvalidKey,
            Decision::InsufficientPermissions,
            Decision::OutOfScope,
            Decision::RateLimited,
            Decision::Closed,
            Decision::Unreadable,
            Decision::UnknownGateway,
        ];
        for decision in all {
            let status = refused(decision, None, None, Dialect::Nginx, &RequestId::make()).status().as_u16();
            assert!(matches!(status, 401 | 403), "{decision:?} {status}");
            let (word, status, body) = decision.reported();
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!((&body["code"], &body["status"]), (&word.into(), &status.as_u16().into()));
        }
    }
}
