//! `PATCH /v1/organizations/users/{user_email}`

use axum::response::Response;
use model::user::UserPatchDraft;

use super::UserModel;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Changes what the body names; metadata is replaced whole.
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(&["user_name", "role", "status", "metadata"]);
    let draft = UserPatchDraft {
        user_name: body.text("user_name"),
        avatar_url: body.text_change("avatar_url"),
        role: body.text("role"),
        status: body.text("status"),
        metadata: body.map("metadata"),
    };
    let patch = body.finish(draft.check())?;
    let user = call.service.update_user(&call.caller, &call.user(), patch).await?;
    Ok(answer::ok(UserModel::from(&user)))
}
