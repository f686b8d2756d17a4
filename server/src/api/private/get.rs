//! `GET /v1/private/organizations/{organization_id}`

use axum::response::Response;

use crate::api::call::OperatorCall;
use crate::api::failure::Failure;
use crate::api::organizations;

/// Shows an organization.
pub(in crate::api) async fn get(call: OperatorCall) -> Result<Response, Failure> {
    let caller = call.caller().await?;
    let organization = call.service.get_organization(&caller).await?;
    organizations::answer_with(&call.service, &caller, &organization).await
}
