//! `DELETE /v1/service-accounts/{id}`: disables a service account.

use axum::response::Response;

use crate::api::http::call::Call;
use crate::api::http::envelope;
use crate::api::http::failure::Failure;

#[utoipa::path(
    delete,
    path = "/v1/service-accounts/{id}",
    tag = "Service accounts",
    operation_id = "delete_service_account",
    summary = "Disable a service account",
    description = "Disables a service account for good and revokes its keys. Requires the permission `admin` or, for a key \
                   of a service account, the permission `serviceaccount:delete`.",
    responses((status = 200, description = "The service account was disabled.")),
)]
pub(in crate::api) async fn disable(call: Call) -> Result<Response, Failure> {
    call.service.disable_service_account(&call.caller, &call.account()?).await?;
    Ok(envelope::done(&call))
}
