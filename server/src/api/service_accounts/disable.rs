//! `DELETE /v1/service-accounts/{id}`

use axum::response::Response;

use crate::api::call::Call;
use crate::api::envelope;
use crate::api::failure::Failure;

/// Disables a service account for good and revokes its keys.
pub(in crate::api) async fn disable(call: Call) -> Result<Response, Failure> {
    call.service.disable_service_account(&call.caller, &call.account()?).await?;
    Ok(envelope::done(&call))
}
