//! `POST /v1/organizations/users/{user_email}/api-keys/{key_name}/rotate`

use axum::response::Response;
use model::key::RotateDraft;

use super::shape::{APIKeyCreateResponse, answer_once};
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Replaces a key's secret and shows the new one, once. Without a body the old one ends at once.
pub(in crate::api) async fn rotate(call: Call) -> Result<Response, Failure> {
    let once = call.once()?;
    if let Some(once) = &once
        && let Some(repeated) = call.service.repeated_key(&call.caller, once).await?
    {
        return Ok(answer_once(&repeated));
    }
    let mut body = call.members_if_any()?.ignoring_null(&["grace_period_seconds"]);
    let draft = RotateDraft { grace_period_seconds: body.integer("grace_period_seconds") };
    let rotation = body.finish(draft.check())?;
    let (service, key, basis) = (&call.service, call.key(), call.basis()?);
    if let Some(once) = once {
        return Ok(answer_once(&service.rotate_key_once(&call.caller, &key, rotation, &basis, &once).await?));
    }
    let rotated = service.rotate_key(&call.caller, &key, rotation, &basis).await?;
    let response = answer::secret(APIKeyCreateResponse::of(&rotated, service.now()));
    Ok(answer::tagged(response, &rotated.key))
}
