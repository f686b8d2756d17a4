//! `POST /v1/api-keys/{id}/rotate`

use axum::response::Response;
use model::key::RotateDraft;

use super::shape::CreatedApiKey;
use crate::api::call::Call;
use crate::api::failure::Failure;
use crate::api::{answer, envelope};

/// Replaces a key's secret and shows the new one, once. Without a body the old one ends at once.
pub(in crate::api) async fn rotate(call: Call) -> Result<Response, Failure> {
    const GRACE: &str = "gracePeriodSeconds";
    let mut body = call.members_if_any()?.ignoring_null(&[GRACE]);
    let draft = RotateDraft { grace_period_seconds: body.integer(GRACE) };
    let checked = draft.check().map_err(|errors| errors.renamed("grace_period_seconds", GRACE));
    let rotation = body.finish(checked)?;
    let (key, basis) = (call.key_by_id()?, call.basis()?);
    let rotated = call.service.rotate_key(&call.caller, &key, rotation, &basis).await?;
    Ok(answer::tagged(envelope::secret(&call, CreatedApiKey::from(&rotated)), &rotated.key))
}
