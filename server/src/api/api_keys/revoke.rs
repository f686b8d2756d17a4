//! `DELETE /v1/api-keys/{id}`: revokes a key.

use axum::response::Response;

use crate::api::enforcement::{self, EnforcementModel};
use crate::api::http::call::Call;
use crate::api::http::envelope;
use crate::api::http::failure::Failure;

#[utoipa::path(
    delete,
    path = "/v1/api-keys/{id}",
    tag = "Keys by id",
    operation_id = "delete_api_key",
    summary = "Revoke a key by id",
    description = "Revokes a key for good. Its record is kept, and its name can be used again. Requires the permission \
                   `admin` or, for a key of a service account, the permission `apikey:delete`.",
    params(
        ("If-Match" = Option<String>, Header),
        ("enforcement" = Option<bool>, Query, description = "Whether to wait, at most a second, until every server of the \
                                                             database refuses the key, and to respond with how many do."),
    ),
    responses(
        (status = 200, description = "The key was revoked.", body = EnforcementModel),
        (status = 403, description = "The caller's key does not allow this, or the key is the protected `admin-key`."),
        (status = 412, description = "The key was changed in the meantime. This request changed nothing."),
    ),
)]
pub(in crate::api) async fn revoke(call: Call) -> Result<Response, Failure> {
    let (key, precondition) = (call.key_by_id()?, call.precondition()?);
    if !enforcement::is_asked(&call)? {
        call.service.revoke_key(&call.caller, &key, String::new(), &precondition).await?;
        return Ok(envelope::done(&call));
    }
    let revoked =
        call.service.revoke_key_everywhere(&call.caller, &key, String::new(), &precondition).await?;
    Ok(envelope::enforced(&call, revoked.1.map(EnforcementModel::from)))
}
