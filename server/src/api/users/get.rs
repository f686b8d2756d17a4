//! `GET /v1/organizations/users/{user_email}`

use axum::response::Response;

use super::UserModel;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Shows a member.
#[utoipa::path(
    get,
    path = "/v1/organizations/users/{user_email}",
    tag = "Users",
    operation_id = "get_user_organizations_email",
    summary = "Get a user",
    description = "Shows a member. Takes the permission `admin`, unscoped or with a scope of `organization` or `user`.",
    responses((status = 200, description = "The member.", body = UserModel)),
)]
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let user = call.service.get_user(&call.caller, &call.user()).await?;
    Ok(answer::ok(UserModel::from(&user)))
}
