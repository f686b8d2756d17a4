//! `POST /v1/service-accounts`: creates a service account.

use axum::response::Response;

use super::body::{self, ServiceAccountRequest};
use super::dto::ServiceAccountData;
use crate::api::http::call::Call;
use crate::api::http::envelope;
use crate::api::http::failure::Failure;

#[utoipa::path(
    post,
    path = "/v1/service-accounts",
    tag = "Service accounts",
    operation_id = "create_service_account",
    summary = "Create a service account",
    description = "Creates a service account, which can own keys but is not a person. Requires the permission `admin` or, \
                   for a key of a service account, the permission `serviceaccount:create`.",
    request_body = ServiceAccountRequest,
    responses(
        (status = 200, description = "The service account.", body = ServiceAccountData),
        (status = 409, description = "An active service account with this name already exists."),
    ),
)]
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let account = call.service.create_service_account(&call.caller, body::read(call.members()?)?).await?;
    Ok(envelope::ok(&call, ServiceAccountData::from(&account)))
}
