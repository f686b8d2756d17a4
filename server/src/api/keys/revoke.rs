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
    description = "Ends the key for good: neither its secret nor an earlier one works once this has answered. The \
                  record stays, and the name is free again. Takes the permission `admin`, unscoped or with a scope \
                  that reaches the user or the key.",
    params(
        ("If-Match" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "The key is revoked.", body = GenericSuccessResponse),
        (status = 403, description = "The key that asks may not do this; `admin-key` is protected."),
        (status = 412, description = "Somebody else changed the key meanwhile; nothing happened."),
    ),
)]
pub(in crate::api) async fn revoke(call: Call) -> Result<Response, Failure> {
    call.service.revoke_key(&call.caller, &call.key(), String::new(), &call.precondition()?).await?;
    Ok(response::done())
}
