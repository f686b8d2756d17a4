//! `GET /v1/service-accounts/{id}`: returns one service account.

use axum::response::Response;

use super::dto::ServiceAccountData;
use crate::api::http::call::Call;
use crate::api::http::envelope;
use crate::api::http::failure::Failure;

#[utoipa::path(
    get,
    path = "/v1/service-accounts/{id}",
    tag = "Service accounts",
    operation_id = "get_service_account",
    summary = "Get a service account",
    description = "Returns a service account, even if it is disabled. Requires the permission `admin` or, for a key of a \
                   service account, the permission `serviceaccount:read`.",
    responses((status = 200, description = "The service account.", body = ServiceAccountData)),
)]
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let account = call.service.get_service_account(&call.caller, &call.account()?).await?;
    Ok(envelope::ok(&call, ServiceAccountData::from(&account)))
}
