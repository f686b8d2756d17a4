//! `DELETE /v1/organizations/users/{user_email}/api-keys/{key_name}`

use axum::response::Response;

use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Ends a key for good. Its record stays.
pub(in crate::api) async fn revoke(call: Call) -> Result<Response, Failure> {
    call.service.revoke_key(&call.caller, &call.key(), String::new(), &call.basis()?).await?;
    Ok(answer::done())
}
