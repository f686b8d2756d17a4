//! `GET /v1/organizations`

use axum::response::Response;

use super::shape::answer_with;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Shows the caller's organization.
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let organization = call.service.get_organization(&call.caller).await?;
    answer_with(&call.service, &call.caller, &organization).await
}
