//! `POST /v1/private/organizations/{organization_id}/users/{user_email}/bootstrap-key`: replaces a user's admin key.

use axum::response::Response;
use service::Owner;

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::{json, response};
use crate::api::keys::APIKeyCreateResponse;

#[utoipa::path(
    post,
    path = "/v1/private/organizations/{organization_id}/users/{user_email}/bootstrap-key",
    tag = "Operator",
    operation_id = "create_bootstrap_key_organizations_id_users_email",
    summary = "Replace a user's admin key",
    description = "Replaces the `admin-key` of a user, or creates it if there is none. The response contains the secret. \
                   It is shown only once. Only the operator can use this endpoint, with the token from the file in \
                   `KEYSTEAD_OPERATOR_TOKEN_FILE`. Without that setting, the endpoint does not exist.",
    responses(
        (status = 200, description = "The key with its secret.", body = APIKeyCreateResponse),
        (status = 403, description = "The user is not active."),
    ),
)]
pub(in crate::api) async fn bootstrap_key(call: OperatorCall) -> Result<Response, Failure> {
    json::read(&call.headers, &call.body)?.unwrap_or_default().finish(Ok(()))?;
    let caller = call.caller().await?;
    let user = Owner::Email(call.parameters.get(1).cloned().unwrap_or_default());
    let created = call.service.bootstrap_key(&caller, &user).await?;
    let response = response::secret(APIKeyCreateResponse::of(&created, call.service.now()));
    Ok(response::tagged(response, &created.key))
}
