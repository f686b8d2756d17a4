//! `GET /v1/organizations/users/{user_email}`: returns one user.

use axum::response::Response;

use super::UserModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

#[utoipa::path(
    get,
    path = "/v1/organizations/users/{user_email}",
    tag = "Users",
    operation_id = "get_user_organizations_email",
    summary = "Get a user",
    description = "Returns a user. Requires the permission `admin`, either without scopes or with a scope of the type \
                   `organization` or `user`.",
    responses((status = 200, description = "The member.", body = UserModel)),
)]
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let user = call.service.get_user(&call.caller, &call.user()).await?;
    Ok(response::ok(UserModel::from(&user)))
}
