//! `DELETE /v1/private/organizations/{organization_id}`: removes an organization.

use axum::response::Response;

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::response::{self, GenericSuccessResponse};

#[utoipa::path(
    delete,
    path = "/v1/private/organizations/{organization_id}",
    tag = "Operator",
    operation_id = "delete_organization",
    summary = "Remove an organization",
    description = "Removes an organization for good. Its keys and sessions stop working. Only the operator can use this \
                   endpoint, with the token from the file in `KEYSTEAD_OPERATOR_TOKEN_FILE`. Without that setting, the \
                   endpoint does not exist.",
    responses(
        (status = 200, description = "The organization was removed.", body = GenericSuccessResponse),
    ),
)]
pub(in crate::api) async fn remove(call: OperatorCall) -> Result<Response, Failure> {
    let caller = call.caller().await?;
    call.service.remove_organization(&caller).await?;
    Ok(response::done())
}
