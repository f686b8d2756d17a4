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
    description = "Changes the fields that are in the body. The change applies from the next request that a proxy asks \
                   about. Requires the permission `admin` or, for a key of a service account, the permission \
                   `gateway:update`.",
    request_body = GatewayUpdateRequest,
    responses(
        (status = 200, description = "The changed gateway.", body = GatewayModel),
        (status = 409, description = "Another gateway already has this name."),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let patch = body::read_patch(call.members()?)?;
    let gateway = call.service.update_gateway(&call.caller, &call.gateway()?, patch, None).await?;
    Ok(response::ok(GatewayModel::from(&gateway)))
}
