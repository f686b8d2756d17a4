//! `POST /v1/keys/verify/batch`: verifies several keys.

use axum::response::Response;
use model::field::{FieldErrors, Rule};
use model::verify::{Verdict, VerifyDraft, VerifyRequest};
use serde::Serialize;
use service::Surface;
use utoipa::ToSchema;

use super::dto::VerifyResponse;
use super::log::log_if_refused;
use super::one::VerifyRequestBody;
use crate::api::http::call::CheckCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::response;

/// The most verify requests in one batch.
const BATCH_MAX: usize = 100;

#[utoipa::path(
    post,
    path = "/v1/keys/verify/batch",
    tag = "Verification",
    operation_id = "verify_keys",
    summary = "Verify several keys",
    description = "Carries out up to 100 verifications like those of `/v1/keys/verify`. The results are independent of \
                   each other and in the order of the requests. If one request has a validation error, none is carried \
                   out.",
    request_body = VerifyBatchRequest,
    responses((status = 200, description = "The verdicts, in the order of the requests.", body = VerifyBatchResponse)),
)]
pub(in crate::api) async fn batch(call: CheckCall) -> Result<Response, Failure> {
    let verify_requests = read(call.members()?)?;
    let mut verdicts = Vec::with_capacity(verify_requests.len());
    for verify_request in &verify_requests {
        let own = |verdict: Verdict<'_>| {
            log_if_refused(&call, &verdict);
            verdict.into_owned()
        };
        verdicts.push(call.verify(Surface::Batch, verify_request, own).await?);
    }
    let request_id = call.request_id();
    let results = verdicts.iter().map(|verdict| VerifyResponse::of(verdict, request_id)).collect();
    Ok(response::ok(VerifyBatchResponse { results }))
}

pub(in crate::api) fn read(body: Members) -> Result<Vec<VerifyRequest<'static>>, Failure> {
    VerifyBatchRequest::checked(body, |BatchDraft { requests }| check(requests))
}

struct BatchDraft {
    requests: Option<Vec<VerifyDraft>>,
}

fn check(drafts: Option<Vec<VerifyDraft>>) -> Result<Vec<VerifyRequest<'static>>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let drafts = drafts.unwrap_or_else(|| {
        errors.push("requests", Rule::Missing, "Give a list of verifications.");
        Vec::new()
    });
    if drafts.len() > BATCH_MAX {
        errors.push(
            "requests",
            Rule::ValueError,
            format!("Send at most {BATCH_MAX} verifications in one request."),
        );
        return errors.or(None);
    }
    let mut verify_requests = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        match draft.check() {
            Ok(verify_request) => verify_requests.push(verify_request),
            Err(broken) => errors.append_at(&["requests".into(), index.into()], broken),
        }
    }
    errors.or(Some(verify_requests))
}

request_body! {
    /// A list of verifications.
    struct VerifyBatchRequest for BatchDraft {
        /// The verifications, at most 100.
        #[schema(max_items = 100)]
        requests: Vec<VerifyRequestBody> = objects::<VerifyRequestBody>,
    }
}

/// The verdicts.
#[derive(Serialize, ToSchema)]
struct VerifyBatchResponse<'a> {
    /// The verdicts, in the order of the requests.
    results: Vec<VerifyResponse<'a>>,
}
