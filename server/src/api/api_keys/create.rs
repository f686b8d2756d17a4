//! `POST /v1/api-keys`

use axum::response::Response;
use model::key::{AccessKeyDraft, NewAccessKey};
use service::Owner;

use super::shape::CreatedApiKey;
use crate::api::call::Call;
use crate::api::failure::Failure;
use crate::api::{answer, envelope};

/// Makes a key for the caller, or for a service account, and shows its secret, once.
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(&["description", "expiresAt", "scope", "serviceAccountId"]);
    let draft = AccessKeyDraft {
        name: body.text("name"),
        description: body.text("description"),
        expires_at: body.text("expiresAt"),
        scope: body.text("scope"),
        service_account_id: body.text("serviceAccountId"),
    };
    let NewAccessKey { key, service_account_id } = body.finish(draft.check(call.service.now()))?;
    let owner = service_account_id.map_or(Owner::Caller, Owner::ServiceAccount);
    let created = call.service.create_key(&call.caller, &owner, key).await?;
    Ok(answer::tagged(envelope::secret(&call, CreatedApiKey::from(&created)), &created.key))
}
