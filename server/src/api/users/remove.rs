//! `DELETE /v1/organizations/users/{user_email}`: removes a user.

use axum::response::Response;

use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response::{self, GenericSuccessResponse};

#[utoipa::path(
    delete,
    path = "/v1/organizations/users/{user_email}",
    tag = "Users",
    operation_id = "delete_user_organizations_email",
    summary = "Remove a user",
    description = "Removes a user and revokes all of their keys. The last active admin cannot be removed. Requires the \
                   permission `admin`, either without scopes or with a scope of the type `organization` or `user`.",
    responses(
        (status = 200, description = "The user was removed.", body = GenericSuccessResponse),
        (status = 403, description = "The caller's key does not allow this, or the user is the last active admin."),
    ),
)]
pub(in crate::api) async fn remove(call: Call) -> Result<Response, Failure> {
    call.service.remove_user(&call.caller, &call.user()).await?;
    Ok(response::done())
}
