//! `POST /v1/organizations/users`

use axum::response::Response;

use super::UserModel;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;
use crate::api::json::OPTIONAL_OF_USER;

/// Adds a member.
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(OPTIONAL_OF_USER);
    let draft = body.user();
    let new = body.finish(draft.check())?;
    let user = call.service.add_user(&call.caller, new).await?;
    Ok(answer::ok(UserModel::from(&user)))
}
