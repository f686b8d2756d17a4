//! `GET /v1/organizations`: returns the caller's organization.

use axum::response::Response;

use super::dto::{OrganizationModelResponse, answer_with};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;

#[utoipa::path(
    get,
    path = "/v1/organizations",
    tag = "Organization",
    operation_id = "get_organization",
    summary = "Get the organization",
    description = "Returns the organization of the caller's key. Any key of a user may use this endpoint. `users` contains the \
                   first 1,000 users if the key may see them, and is empty otherwise.",
    responses((status = 200, description = "The organization.", body = OrganizationModelResponse)),
)]
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let organization = call.service.get_organization(&call.caller).await?;
    answer_with(&call.service, &call.caller, &organization).await
}
