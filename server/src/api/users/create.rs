//! `POST /v1/organizations/users`: adds a user.

use axum::response::Response;
use model::user::NewUser;

use super::{UserCreateRequest, UserModel};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject};
use crate::api::http::response;

#[utoipa::path(
    post,
    path = "/v1/organizations/users",
    tag = "Users",
    operation_id = "create_user_organizations",
    summary = "Add a user",
    description = "Adds a user to the organization. Keys can be created for the user at once. Requires the permission \
                   `admin`, either without scopes or with a scope of the type `organization` or `user`.",
    request_body = UserCreateRequest,
    responses(
        (status = 200, description = "The member.", body = UserModel),
        (status = 409, description = "A user of the organization already has this e-mail address."),
    ),
)]
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let user = call.service.add_user(&call.caller, read(call.members()?)?).await?;
    Ok(response::ok(UserModel::from(&user)))
}

pub(in crate::api) fn read(body: Members) -> Result<NewUser, Failure> {
    UserCreateRequest::checked(body, |draft| draft.check())
}
