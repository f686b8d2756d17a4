//! `POST /v1/organizations/users`

use axum::response::Response;
use model::user::UserDraft;

use super::UserModel;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Adds a member.
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(&["avatar_url", "role", "metadata"]);
    let draft = UserDraft {
        email: body.text("email"),
        user_name: body.text("user_name"),
        avatar_url: body.text("avatar_url"),
        role: body.text("role"),
        metadata: body.map("metadata"),
    };
    let new = body.finish(draft.check())?;
    let user = call.service.add_user(&call.caller, new).await?;
    Ok(answer::ok(UserModel::from(&user)))
}
