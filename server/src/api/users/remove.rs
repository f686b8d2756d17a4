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
    description = "Removes a member and revokes all keys of theirs. The last active admin stays. Takes the permission \
                  `admin`, unscoped or with a scope of `organization` or `user`.",
    responses(
        (status = 200, description = "The member is removed.", body = GenericSuccessResponse),
        (status = 403, description = "The key that asks may not do this, or this is the last active admin."),
    ),
)]
pub(in crate::api) async fn remove(call: Call) -> Result<Response, Failure> {
    call.service.remove_user(&call.caller, &call.user()).await?;
    Ok(response::done())
}
