//! `DELETE /v1/organizations/users/{user_email}`

use axum::response::Response;

use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Removes a member and revokes all keys of theirs.
pub(in crate::api) async fn remove(call: Call) -> Result<Response, Failure> {
    call.service.remove_user(&call.caller, &call.user()).await?;
    Ok(answer::done())
}
