//! `POST /v1/keys/verify` from memory, by hand. What it does not answer, [`super::one`] does.

use axum::body::{Body, Bytes};
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use model::verify::{Question, Verdict, VerifyDraft};

use super::shape::VerifyResponse;
use crate::api::auth::bearer;
use crate::api::json::is_json;
use crate::front::{Arriving, arrived, resumed};
use crate::middleware::{RequestId, X_REQUEST_ID};
use crate::state::AppState;

/// Room for most answers.
const ANSWER_BYTES: usize = 512;

/// Whether a request is for one verdict.
pub(crate) fn is_verify<B>(request: &Request<B>) -> bool {
    request.method() == Method::POST && request.uri().path() == "/v1/keys/verify"
}

/// The answer, if nothing has to be waited for and nothing is wrong; otherwise the request as it came.
#[expect(
    clippy::manual_async_fn,
    reason = "an async function has room for its request twice, and is moved with it"
)]
pub(crate) fn verify_now<B: Arriving>(
    state: &AppState,
    mut request: Request<B>,
) -> impl Future<Output = Result<Response<Bytes>, Box<Request<Body>>>> {
    async move {
        if !is_plain(request.headers()) {
            return Err(Box::new(request.map(Body::new)));
        }
        match arrived(request.body_mut()).await {
            Ok(body) => {
                let answer = answer_now(state, request.headers(), &body);
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

/// A body that is no draft of the simplest kind is read again by those who know what is wrong with it.
fn answer_now(state: &AppState, headers: &HeaderMap, body: &Bytes) -> Option<Response<Bytes>> {
    let service = state.service();
    let at = service.moment();
    let checker = service.checker_now(bearer(headers)?, at)?.ok()?;
    let question = read(body)?;
    let tell = |verdict: Verdict<'_>| tell(&verdict, &RequestId::of(headers, &service.settings().key_prefix));
    service.verify_now(checker.organization(), &question, at, tell)
}

/// Reads and checks a body in which nothing is wrong.
pub(in crate::api) fn read(body: &[u8]) -> Option<Question<'static>> {
    let draft: VerifyDraft = serde_json::from_slice(body).ok()?;
    draft.check().ok()
}

fn tell(verdict: &Verdict<'_>, id: &RequestId) -> Response<Bytes> {
    let mut body = Vec::with_capacity(ANSWER_BYTES);
    // Nothing in a verdict can fail to be written.
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
