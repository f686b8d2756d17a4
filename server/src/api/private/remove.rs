//! `DELETE /v1/private/organizations/{organization_id}`

use axum::response::Response;

use crate::api::answer;
use crate::api::call::OperatorCall;
use crate::api::failure::Failure;

/// Removes an organization for good.
pub(in crate::api) async fn remove(call: OperatorCall) -> Result<Response, Failure> {
    let caller = call.caller().await?;
    call.service.remove_organization(&caller).await?;
    Ok(answer::done())
}
