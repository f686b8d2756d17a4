//! `POST /v1/api-keys/{id}/rotate`: replaces the secret of a key.

use axum::response::Response;
use model::key::{RotateDraft, Rotation};
use service::Action;

use super::dto::{CreatedApiKey, respond_idempotent};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::{envelope, response};

#[utoipa::path(
    post,
    path = "/v1/api-keys/{id}/rotate",
    tag = "Keys by id",
    operation_id = "rotate_api_key",
    summary = "Rotate a key by id",
    description = "Replaces the secret of a key. The response contains the new secret. It is shown only once. Without a \
                   body, the old secret stops working before the response is sent. Requires the permission `admin` \
                   or, for a key of a service account, the permissions `apikey:create` and `apikey:delete`.",
    params(
        ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header),
    ),
    request_body = Option<ApiKeyRotateRequest>,
    responses(
        (status = 200, description = "The key with its new secret.", body = CreatedApiKey),
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
        return Ok(respond_idempotent(&call, &repeated));
    }
    let rotation = read(call.members_if_any()?)?;
    let (key, precondition) = (call.key_by_id()?, call.precondition()?);
    if let Some(idempotent_request) = idempotent_request {
        let answered = call
            .service
            .rotate_key_idempotent(&call.caller, &key, rotation, &precondition, &idempotent_request)
            .await?;
        return Ok(respond_idempotent(&call, &answered));
    }
    let rotated = call.service.rotate_key(&call.caller, &key, rotation, &precondition).await?;
    Ok(response::tagged(envelope::secret(&call, CreatedApiKey::from(&rotated)), &rotated.key))
}

pub(in crate::api) fn read(body: Members) -> Result<Rotation, Failure> {
    ApiKeyRotateRequest::checked(body, |draft| {
        draft.check().map_err(|errors| errors.renamed("grace_period_seconds", "gracePeriodSeconds"))
    })
}

request_body! {
    /// Options of a rotation.
    struct ApiKeyRotateRequest for RotateDraft {
        /// Number of seconds for which the old secret still works, at most 30 days. If absent, it stops working at
        /// once.
        #[schema(minimum = 0, maximum = 2_592_000, examples(3600))]
        grace_period_seconds as "gracePeriodSeconds": Option<u32> = integer or null,
    }
}
