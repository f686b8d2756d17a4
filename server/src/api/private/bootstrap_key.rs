//! `POST /v1/private/organizations/{organization_id}/users/{user_email}/bootstrap-key`

use axum::response::Response;
use service::Owner;

use crate::api::answer;
use crate::api::call::OperatorCall;
use crate::api::failure::Failure;
use crate::api::json;
use crate::api::keys::APIKeyCreateResponse;

/// Makes a user's `admin-key`, in place of the one there is, and shows its secret, once.
pub(in crate::api) async fn bootstrap_key(call: OperatorCall) -> Result<Response, Failure> {
    json::read(&call.headers, &call.body)?.unwrap_or_default().finish(Ok(()))?;
    let caller = call.caller().await?;
    let user = Owner::Email(call.parameters.get(1).cloned().unwrap_or_default());
    let created = call.service.bootstrap_key(&caller, &user).await?;
    Ok(answer::secret(APIKeyCreateResponse::of(&created, call.service.now())))
}
