//! `PATCH /v1/service-accounts/{id}`: changes a service account.

use axum::response::Response;

use super::body::{self, ServiceAccountRequest};
use super::dto::ServiceAccountData;
use crate::api::http::call::Call;
use crate::api::http::envelope;
use crate::api::http::failure::Failure;

#[utoipa::path(
    patch,
    path = "/v1/service-accounts/{id}",
    tag = "Service accounts",
    operation_id = "update_service_account",
    summary = "Change a service account",
    description = "Replaces the name and permissions of a service account, and its description and metadata if \
                   the body has them. Requires the permission `admin` or, for a key of a service account, the permission \
                   `serviceaccount:update`.",
    request_body = ServiceAccountRequest,
    responses(
        (status = 200, description = "The changed service account.", body = ServiceAccountData),
        (status = 409, description = "Another active service account already has this name."),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let new = body::read(call.members()?)?;
    let account = call.service.update_service_account(&call.caller, &call.account()?, new, None).await?;
    Ok(envelope::ok(&call, ServiceAccountData::from(&account)))
}
