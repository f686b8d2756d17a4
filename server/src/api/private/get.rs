//! `GET /v1/private/organizations/{organization_id}`: returns an organization.

use axum::response::Response;

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::organizations::{self, OrganizationModelResponse};

#[utoipa::path(
    get,
    path = "/v1/private/organizations/{organization_id}",
    tag = "Operator",
    operation_id = "get_organization_private",
    summary = "Get an organization",
    description = "Returns an organization with its users. Only the operator can use this endpoint, with the token from \
                   the file in `KEYSTEAD_OPERATOR_TOKEN_FILE`. Without that setting, the endpoint does not exist.",
    responses((status = 200, description = "The organization.", body = OrganizationModelResponse)),
)]
pub(in crate::api) async fn get(call: OperatorCall) -> Result<Response, Failure> {
    let caller = call.caller().await?;
    let organization = call.service.get_organization(&caller).await?;
    organizations::answer_with(&call.service, &caller, &organization).await
}
