//! `PATCH /v1/organizations/users/{user_email}`: changes a user.

use axum::response::Response;
use model::user::{Role, UserPatch, UserPatchDraft, UserStatus};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::UserModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::Members;
use crate::api::http::response;

#[utoipa::path(
    patch,
    path = "/v1/organizations/users/{user_email}",
    tag = "Users",
    operation_id = "update_user_organizations_email",
    summary = "Change a user",
    description = "Changes what the body names; metadata is replaced whole. Suspending revokes all keys of the member \
                  for good. The last active admin stays one. Takes the permission `admin`, unscoped or with a scope of \
                  `organization` or `user`.",
    request_body = UserUpdateRequest,
    responses(
        (status = 200, description = "The member after the change.", body = UserModel),
        (status = 403, description = "The key that asks may not do this, or this is the last active admin."),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let patch = read(call.members()?)?;
    let user = call.service.update_user(&call.caller, &call.user(), patch).await?;
    Ok(response::ok(UserModel::from(&user)))
}

pub(in crate::api) fn read(body: Members) -> Result<UserPatch, Failure> {
    let mut body = body.ignoring_null(&["user_name", "role", "status", "metadata"]);
    let draft = UserPatchDraft {
        user_name: body.text("user_name"),
        avatar_url: body.text_change("avatar_url"),
        role: body.text("role"),
        status: body.text("status"),
        metadata: body.map("metadata"),
    };
    body.finish(draft.check())
}

/// A change to a member. What is absent stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct UserUpdateRequest {
    /// A new name.
    #[schema(min_length = 2, max_length = 100, examples("Ada King"))]
    user_name: Option<String>,
    /// The address of a picture, http or https. Null removes it.
    #[schema(max_length = 2048, examples("https://acme.example/ada.png"))]
    avatar_url: Option<String>,
    /// What they may do from now on.
    role: Option<Role>,
    /// Whether their keys work.
    status: Option<UserStatus>,
    /// All metadata from now on.
    metadata: Option<Map<String, Value>>,
}
