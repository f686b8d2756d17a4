//! `POST /v1/service-accounts`

use axum::response::Response;

use super::body;
use super::shape::ServiceAccountData;
use crate::api::call::Call;
use crate::api::envelope;
use crate::api::failure::Failure;

/// Adds a service account.
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let account = call.service.create_service_account(&call.caller, body::read(&call)?).await?;
    Ok(envelope::ok(&call, ServiceAccountData::from(&account)))
}
