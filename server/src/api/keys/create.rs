//! `POST /v1/organizations/users/{user_email}/api-keys`

use axum::response::Response;
use model::key::KeyDraft;

use super::shape::{APIKeyCreateResponse, answer_once};
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Makes a key and shows its secret, once.
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let once = call.once()?;
    if let Some(once) = &once
        && let Some(repeated) = call.service.repeated_key(&call.caller, once).await?
    {
        return Ok(answer_once(&repeated));
    }
    let mut body =
        call.members()?.ignoring_null(&["description", "scopes", "rate_limit_override", "expires_at"]);
    let draft = KeyDraft {
        name: body.text("name"),
        description: body.text("description"),
        permissions: body.texts("permissions"),
        scopes: body.scopes("scopes"),
        rate_limit_override: body.integer("rate_limit_override"),
        expires_at: body.text("expires_at"),
    };
    let new = body.finish(draft.check(call.service.now()))?;
    let (service, user) = (&call.service, call.user());
    if let Some(once) = once {
        return Ok(answer_once(&service.create_key_once(&call.caller, &user, new, &once).await?));
    }
    let created = service.create_key(&call.caller, &user, new).await?;
    let response = answer::secret(APIKeyCreateResponse::of(&created, service.now()));
    Ok(answer::tagged(response, &created.key))
}
