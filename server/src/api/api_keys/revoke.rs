//! `DELETE /v1/api-keys/{id}`: revokes a key.

use axum::response::Response;

use crate::api::http::call::Call;
use crate::api::http::envelope;
use crate::api::http::failure::Failure;

#[utoipa::path(
    delete,
    path = "/v1/api-keys/{id}",
    tag = "Keys by id",
    operation_id = "delete_api_key",
    summary = "Revoke a key by id",
    description = "Ends the key for good. Its record stays, and its name is free again. Takes the permission `admin`, \
                  or of a service account's key the permission `apikey:delete`.",
    params(
        ("If-Match" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "The key is revoked."),
        (status = 403, description = "The key that asks may not do this; `admin-key` is protected."),
        (status = 412, description = "Somebody else changed the key meanwhile; nothing happened."),
    ),
)]
pub(in crate::api) async fn revoke(call: Call) -> Result<Response, Failure> {
    let (key, precondition) = (call.key_by_id()?, call.precondition()?);
    call.service.revoke_key(&call.caller, &key, String::new(), &precondition).await?;
    Ok(envelope::done(&call))
}
