//! `POST /v1/keys/verify/batch`

use axum::response::Response;
use model::field::{FieldErrors, Rule};
use model::verify::{Question, VerifyDraft};
use serde::Serialize;
use utoipa::ToSchema;

use super::one::VerifyRequest;
use super::shape::VerifyResponse;
use crate::api::answer;
use crate::api::call::CheckCall;
use crate::api::failure::Failure;
use crate::api::json::Members;

/// Most questions of one request.
const QUESTIONS_MAX: usize = 100;

/// Says of several keys whether they may do something.
#[utoipa::path(
    post,
    path = "/v1/keys/verify/batch",
    tag = "Verification",
    operation_id = "verify_keys",
    summary = "Verify several keys",
    description = "Answers up to 100 questions like those of `/v1/keys/verify`, each by itself and in their order. When one of \
                   them breaks a rule none is answered.",
    request_body = VerifyBatchRequest,
    responses((status = 200, description = "What came of each, in the order of the questions.", body = VerifyBatchResponse)),
)]
pub(in crate::api) async fn batch(call: CheckCall) -> Result<Response, Failure> {
    let questions = read(call.members()?)?;
    let mut verdicts = Vec::with_capacity(questions.len());
    for question in &questions {
        verdicts.push(call.service.verdict(call.checker.organization(), question).await?);
    }
    let request_id = call.request_id();
    let results = verdicts.iter().map(|verdict| VerifyResponse::of(verdict, request_id)).collect();
    Ok(answer::ok(VerifyBatchResponse { results }))
}

/// Reads and checks the body.
pub(in crate::api) fn read(mut body: Members) -> Result<Vec<Question<'static>>, Failure> {
    let drafts = body.questions("requests");
    body.finish(check(drafts))
}

fn check(drafts: Option<Vec<VerifyDraft>>) -> Result<Vec<Question<'static>>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let drafts = drafts.unwrap_or_else(|| {
        errors.push("requests", Rule::Missing, "Give the questions.");
        Vec::new()
    });
    if drafts.len() > QUESTIONS_MAX {
        errors.push("requests", Rule::ValueError, format!("Ask at most {QUESTIONS_MAX} questions at once."));
        return errors.or(None);
    }
    let mut questions = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        match draft.check() {
            Ok(question) => questions.push(question),
            Err(broken) => errors.append_at(&["requests".into(), index.into()], broken),
        }
    }
    errors.or(Some(questions))
}

/// Questions about keys.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct VerifyBatchRequest {
    /// At most 100.
    #[schema(max_items = 100)]
    requests: Vec<VerifyRequest>,
}

/// What came of them.
#[derive(Serialize, ToSchema)]
struct VerifyBatchResponse<'a> {
    /// In the order of the questions.
    results: Vec<VerifyResponse<'a>>,
}
