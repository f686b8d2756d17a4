//! `GET /v1/organizations/users/{user_email}`

use axum::response::Response;

use super::UserModel;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Shows a member.
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let user = call.service.get_user(&call.caller, &call.user()).await?;
    Ok(answer::ok(UserModel::from(&user)))
}
