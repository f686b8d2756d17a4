//! `POST /v1/organizations/users/{user_email}/api-keys/{key_name}/rotate`

use axum::response::Response;
use model::key::RotateDraft;

use super::shape::APIKeyCreateResponse;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Replaces a key's secret and shows the new one, once. Without a body the old one ends at once.
pub(in crate::api) async fn rotate(call: Call) -> Result<Response, Failure> {
    let mut body = call.members_if_any()?.ignoring_null(&["grace_period_seconds"]);
    let draft = RotateDraft { grace_period_seconds: body.integer("grace_period_seconds") };
    let rotation = body.finish(draft.check())?;
    let rotated = call.service.rotate_key(&call.caller, &call.key(), rotation, &call.basis()?).await?;
    let response = answer::secret(APIKeyCreateResponse::of(&rotated, call.service.now()));
    Ok(answer::tagged(response, &rotated.key))
}
