//! `DELETE /v1/organizations/users/{user_email}/api-keys/{key_name}`: revokes a key.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::enforcement::{self, EnforcementModel};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response::{self, DONE};

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
        ("enforcement" = Option<bool>, Query, description = "Whether to wait, at most a second, until every server of the \
                                                             database refuses the key, and to respond with how many do."),
    ),
    responses(
        (status = 200, description = "The key was revoked.", body = KeyRevokedResponse),
        (status = 403, description = "The caller's key does not allow this, or the key is the protected `admin-key`."),
        (status = 412, description = "The key was changed in the meantime. This request changed nothing."),
    ),
)]
pub(in crate::api) async fn revoke(call: Call) -> Result<Response, Failure> {
    let (key, precondition) = (call.key(), call.precondition()?);
    if !enforcement::is_asked(&call)? {
        call.service.revoke_key(&call.caller, &key, String::new(), &precondition).await?;
        return Ok(response::done());
    }
    let revoked =
        call.service.revoke_key_everywhere(&call.caller, &key, String::new(), &precondition).await?;
    let enforcement = revoked.1.map(EnforcementModel::from);
    Ok(response::ok(KeyRevokedResponse { message: DONE, success: true, enforcement }))
}

/// The confirmation of a revocation.
#[derive(Serialize, ToSchema)]
struct KeyRevokedResponse {
    #[schema(examples("Successfully completed"))]
    message: &'static str,
    #[schema(examples(true))]
    success: bool,
    /// How many servers enforce the revocation, if the request has `enforcement=true`. Absent if the database did not
    /// say, because it stopped answering after the revocation.
    #[serde(skip_serializing_if = "Option::is_none")]
    enforcement: Option<EnforcementModel>,
}
