//! `GET /v1/service-accounts/{id}`

use axum::response::Response;

use super::shape::ServiceAccountData;
use crate::api::call::Call;
use crate::api::envelope;
use crate::api::failure::Failure;

/// Shows a service account, also a disabled one.
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let account = call.service.get_service_account(&call.caller, &call.account()?).await?;
    Ok(envelope::ok(&call, ServiceAccountData::from(&account)))
}
