//! `PATCH /v1/organizations/users/{user_email}`: changes a user.

use axum::response::Response;
use model::user::{Role, UserPatch, UserPatchDraft, UserStatus};
use serde_json::{Map, Value};

use super::UserModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::response;

#[utoipa::path(
    patch,
    path = "/v1/organizations/users/{user_email}",
    tag = "Users",
    operation_id = "update_user_organizations_email",
    summary = "Change a user",
    description = "Changes the fields that are in the body. Metadata is replaced as a whole. Suspending a user revokes all \
                   of their keys for good. The last active admin cannot be suspended or lose the role. Requires the \
                   permission `admin`, either without scopes or with a scope of the type `organization` or `user`.",
    request_body = UserUpdateRequest,
    responses(
        (status = 200, description = "The changed user.", body = UserModel),
        (status = 403, description = "The caller's key does not allow this, or the user is the last active admin."),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let patch = read(call.members()?)?;
    let user = call.service.update_user(&call.caller, &call.user(), patch).await?;
    Ok(response::ok(UserModel::from(&user)))
}

pub(in crate::api) fn read(body: Members) -> Result<UserPatch, Failure> {
    UserUpdateRequest::checked(body, |draft| draft.check())
}

request_body! {
    /// A change to a user. Absent fields stay as they are.
    struct UserUpdateRequest for UserPatchDraft {
        /// The new name.
        #[schema(min_length = 2, max_length = 100, examples("Ada King"))]
        user_name: Option<String> = text or null,
        /// The URL of a picture, with http or https. Null removes it.
        #[schema(max_length = 2048, examples("https://acme.example/ada.png"))]
        avatar_url: Option<String> = text_change,
        /// The new role of the user.
        role: Option<Role> = text or null,
        /// The status of the user. The keys of a user work only while the status is `active`.
        status: Option<UserStatus> = text or null,
        /// The new metadata, which replaces all of the present one.
        metadata: Option<Map<String, Value>> = map or null,
    }
}
