//! `POST /v1/keys/verify` on the fast path, answered from memory. Requests that it cannot answer go to the router.

use std::net::IpAddr;

use axum::body::{Body, Bytes};
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use model::verify::{Verdict, VerifyDraft, VerifyRequest};
use service::Surface;

use super::buffered::{RequestBody, buffered_body, resumed};
use crate::api::http::auth::bearer;
use crate::api::http::json::is_json;
use crate::api::{VerifyResponse, log_refusal};
use crate::middleware::ClientAddress;
use crate::request_id::{RequestId, X_REQUEST_ID};
use crate::state::AppState;
use crate::traces;

/// The initial capacity for a body. Most bodies fit.
const ANSWER_BYTES: usize = 512;

const VERIFY_PATH: &str = "/v1/keys/verify";

/// Whether the request is for `POST /v1/keys/verify`.
pub(super) fn is_verify<B>(request: &Request<B>) -> bool {
    request.method() == Method::POST && request.uri().path() == VERIFY_PATH
}

/// Responds if the request is valid and the answer is in memory. Otherwise returns the request unchanged.
#[expect(
    clippy::manual_async_fn,
    reason = "an async function has room for its request twice, and is moved with it"
)]
pub(super) fn verify_now<B: RequestBody>(
    state: &AppState,
    peer: IpAddr,
    mut request: Request<B>,
) -> impl Future<Output = Result<Response<Bytes>, Box<Request<Body>>>> {
    async move {
        if !is_plain(request.headers()) {
            return Err(Box::new(request.map(Body::new)));
        }
        match buffered_body(request.body_mut()).await {
            Ok(body) => {
                let answer = answer_now(state, peer, request.headers(), &body);
                answer.ok_or_else(|| Box::new(request.map(|_read| Body::from(body))))
            }
            Err(first) => Err(Box::new(request.map(|rest| resumed(first, rest)))),
        }
    }
}

fn is_plain(headers: &HeaderMap) -> bool {
    let is_json = |value: &HeaderValue| value.to_str().is_ok_and(is_json);
    !headers.contains_key(CONTENT_ENCODING) && headers.get_all(CONTENT_TYPE).iter().all(is_json)
}

/// Returns `None` if the key cache has no current answer or anything is wrong with the request. The regular handler
/// then reads the body again and reports what is wrong.
fn answer_now(state: &AppState, peer: IpAddr, headers: &HeaderMap, body: &Bytes) -> Option<Response<Bytes>> {
    let service = state.service();
    let at = service.moment();
    let checker = service.checker_now(bearer(headers)?, at)?.ok()?;
    let verify_request = read(body)?;
    let respond = |verdict: Verdict<'_>| {
        service.counts().verifications.verified(Surface::Verify, verdict.code);
        let id = RequestId::of(headers, service);
        traces::record_request_id(&id);
        traces::record_verdict(verdict.code, verdict.key.as_ref().map(|key| &*key.key_id));
        if !verdict.is_valid() {
            let client = || ClientAddress::of(peer, headers, state.trusted_proxies()).0;
            log_refusal(&verdict, VERIFY_PATH, id.as_str(), client);
        }
        respond(&verdict, &id)
    };
    service.verify_now(checker.organization(), &verify_request, at, respond)
}

/// Reads and validates a body. Returns `None` if anything is wrong with it.
pub(crate) fn read(body: &[u8]) -> Option<VerifyRequest<'static>> {
    let draft: VerifyDraft = serde_json::from_slice(body).ok()?;
    draft.check().ok()
}

fn respond(verdict: &Verdict<'_>, id: &RequestId) -> Response<Bytes> {
    let mut body = Vec::with_capacity(ANSWER_BYTES);
    // Serializing a verdict cannot fail.
    let _never = serde_json::to_writer(&mut body, &VerifyResponse::of(verdict, id.as_str()));
    let mut response = Response::new(Bytes::from(body));
    let headers = response.headers_mut();
    headers.reserve(5);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(id) = id.header() {
        headers.insert(X_REQUEST_ID, id);
    }
    response
}
