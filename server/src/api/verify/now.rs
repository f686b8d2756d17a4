//! `POST /v1/keys/verify` from memory, by hand. What it does not answer, [`super::one`] does.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Method};
use model::verify::{Verdict, VerifyDraft};
use service::Checker;

use super::shape::VerifyResponse;
use crate::api::auth::bearer;
use crate::api::json::is_json;
use crate::front::arrived;
use crate::middleware::{RequestId, X_REQUEST_ID};
use crate::state::AppState;

/// Room for most answers.
const ANSWER_BYTES: usize = 512;

/// Whether a request is for one verdict.
pub(crate) fn is_verify(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path() == "/v1/keys/verify"
}

/// The answer, if nothing has to be waited for and nothing is wrong; otherwise the request as it came.
pub(crate) async fn verify_now(state: &AppState, request: Request) -> Result<Response, Request> {
    let headers = request.headers();
    let Some(checker) = is_plain(headers).then(|| checker(state, headers)).flatten() else {
        return Err(request);
    };
    let (head, body) = request.into_parts();
    let body = match arrived(body).await {
        Ok(body) => body,
        Err(body) => return Err(Request::from_parts(head, body)),
    };
    match verdict(state, &checker, &body) {
        Some(verdict) => {
            let id = RequestId::of(&head.headers, &state.service().settings().key_prefix);
            Ok(tell(&verdict, &id))
        }
        None => Err(Request::from_parts(head, Body::from(body))),
    }
}

fn is_plain(headers: &HeaderMap) -> bool {
    let is_json = |value: &HeaderValue| value.to_str().is_ok_and(is_json);
    !headers.contains_key(CONTENT_ENCODING) && headers.get_all(CONTENT_TYPE).iter().all(is_json)
}

fn checker(state: &AppState, headers: &HeaderMap) -> Option<Checker> {
    state.service().checker_now(bearer(headers)?)?.ok()
}

/// A body that is no draft of the simplest kind is read again by those who know what is wrong with it.
fn verdict(state: &AppState, checker: &Checker, body: &Bytes) -> Option<Verdict> {
    let draft: VerifyDraft = serde_json::from_slice(body).ok()?;
    let question = draft.check().ok()?;
    state.service().verify_now(checker.organization(), &question)
}

fn tell(verdict: &Verdict, id: &RequestId) -> Response {
    let mut body = Vec::with_capacity(ANSWER_BYTES);
    // Nothing in a verdict can fail to be written.
    let _never = serde_json::to_writer(&mut body, &VerifyResponse::of(verdict, id.as_str()));
    let mut response = Response::new(Body::from(body));
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
