//! `POST /v1/organizations/users/{user_email}/api-keys/{key_name}/rotate`: replaces the secret of a key.

use axum::response::Response;
use model::key::{RotateDraft, Rotation};
use service::Action;

use super::dto::{APIKeyCreateResponse, respond_idempotent};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::response;

#[utoipa::path(
    post,
    path = "/v1/organizations/users/{user_email}/api-keys/{key_name}/rotate",
    tag = "API keys",
    operation_id = "rotate_key_organizations_users_email_name",
    summary = "Rotate a key",
    description = "Replaces the secret of a key. The response contains the new secret. It is shown only once. Everything \
                   else about the key stays as it is. Without a body, the old secret and all earlier secrets stop working \
                   before the response is sent. With `grace_period_seconds`, the old secret also works for that long, but \
                   never past the expiry of the key. Requires the permission `admin`, either without scopes or with a \
                   scope that covers the user or the key.",
    params(
        ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header),
    ),
    request_body = Option<RotateRequest>,
    responses(
        (status = 200, description = "The key with its new secret.", body = APIKeyCreateResponse),
        (status = 403, description = "The caller's key does not allow this, the key has permissions or scopes that the \
                                      caller's key lacks, or the key is the protected `admin-key`."),
        (status = 409, description = "Another request changed the key at the same time."),
        (status = 412, description = "The key was changed in the meantime. This request changed nothing."),
    ),
)]
pub(in crate::api) async fn rotate(call: Call) -> Result<Response, Failure> {
    let idempotent_request = call.idempotent_request()?;
    if let Some(idempotent_request) = &idempotent_request
        && let Some(repeated) =
            call.service.repeated_key(&call.caller, Action::UpdateKeys, idempotent_request).await?
    {
        return Ok(respond_idempotent(&repeated));
    }
    let rotation = read(call.members_if_any()?)?;
    let (service, key, precondition) = (&call.service, call.key(), call.precondition()?);
    if let Some(idempotent_request) = idempotent_request {
        return Ok(respond_idempotent(
            &service
                .rotate_key_idempotent(&call.caller, &key, rotation, &precondition, &idempotent_request)
                .await?,
        ));
    }
    let rotated = service.rotate_key(&call.caller, &key, rotation, &precondition).await?;
    let response = response::secret(APIKeyCreateResponse::of(&rotated, service.now()));
    Ok(response::tagged(response, &rotated.key))
}

pub(in crate::api) fn read(body: Members) -> Result<Rotation, Failure> {
    RotateRequest::checked(body, |draft| draft.check())
}

request_body! {
    /// Options of a rotation.
    struct RotateRequest for RotateDraft {
        /// Number of seconds for which the old secret still works, at most 30 days. If absent, it stops working at
        /// once.
        #[schema(minimum = 0, maximum = 2_592_000, examples(3600))]
        grace_period_seconds: Option<u32> = integer or null,
    }
}
