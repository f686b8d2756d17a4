//! `PATCH /v1/api-keys/{id}`

use axum::response::Response;
use model::key::AccessKeyPatchDraft;

use super::shape::ApiKey;
use crate::api::call::Call;
use crate::api::failure::Failure;
use crate::api::{answer, envelope};

/// Changes what the body names; `{}` changes nothing.
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(&["name", "scope"]);
    let draft = AccessKeyPatchDraft {
        name: body.text("name"),
        description: body.text_change("description"),
        expires_at: body.text_change("expiresAt"),
        scope: body.text("scope"),
    };
    let patch = body.finish(draft.check(call.service.now()))?;
    let (key, basis) = (call.key_by_id()?, call.basis()?);
    let key = call.service.update_key(&call.caller, &key, patch, &basis).await?;
    Ok(answer::tagged(envelope::ok(&call, ApiKey::from(&key)), &key))
}
