//! `PATCH /v1/gateways/{gateway_id}`: changes a gateway.

use axum::response::Response;

use super::GatewayModel;
use super::body::{self, GatewayUpdateRequest};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

#[utoipa::path(
    patch,
    path = "/v1/gateways/{gateway_id}",
    tag = "Gateways",
    operation_id = "update_gateway",
    summary = "Change a gateway",
    description = "Changes what the body names. The next request that a proxy asks about is judged by it. Takes the \
                  permission `admin`, or of a service account's key the permission `gateway:update`.",
    request_body = GatewayUpdateRequest,
    responses(
        (status = 200, description = "The gateway after the change.", body = GatewayModel),
        (status = 409, description = "There is another gateway of this name."),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let patch = body::read_patch(call.members()?)?;
    let gateway = call.service.update_gateway(&call.caller, &call.gateway()?, patch, None).await?;
    Ok(response::ok(GatewayModel::from(&gateway)))
}
