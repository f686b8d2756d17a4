//! `DELETE /v1/organizations/users/{user_email}/api-keys/{key_name}`: revokes a key.

use axum::response::Response;

use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response::{self, GenericSuccessResponse};

#[utoipa::path(
    delete,
    path = "/v1/organizations/users/{user_email}/api-keys/{key_name}",
    tag = "API keys",
    operation_id = "delete_key_organizations_users_email_name",
    summary = "Revoke a key",
    description = "Revokes a key for good. The secret and all earlier secrets stop working before the response is sent. \
                   The record of the key is kept, and its name can be used again. Requires the permission `admin`, either \
                   without scopes or with a scope that covers the user or the key.",
    params(
        ("If-Match" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "The key was revoked.", body = GenericSuccessResponse),
        (status = 403, description = "The caller's key does not allow this, or the key is the protected `admin-key`."),
        (status = 412, description = "The key was changed in the meantime. This request changed nothing."),
    ),
)]
pub(in crate::api) async fn revoke(call: Call) -> Result<Response, Failure> {
    call.service.revoke_key(&call.caller, &call.key(), String::new(), &call.precondition()?).await?;
    Ok(response::done())
}
