//! `PATCH /v1/service-accounts/{id}`

use axum::response::Response;

use super::body;
use super::shape::ServiceAccountData;
use crate::api::call::Call;
use crate::api::envelope;
use crate::api::failure::Failure;

/// Gives a service account a name and permissions, and a description where the body has one.
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let new = body::read(&call)?;
    let account = call.service.update_service_account(&call.caller, &call.account()?, new).await?;
    Ok(envelope::ok(&call, ServiceAccountData::from(&account)))
}
