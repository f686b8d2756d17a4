//! `GET /v1/gateways/{gateway_id}`: returns one gateway.

use axum::response::Response;

use super::GatewayModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

#[utoipa::path(
    get,
    path = "/v1/gateways/{gateway_id}",
    tag = "Gateways",
    operation_id = "get_gateway",
    summary = "Get a gateway",
    description = "Returns a gateway. Requires the permission `admin` or, for a key of a service account, the permission \
                   `gateway:read`.",
    responses((status = 200, description = "The gateway.", body = GatewayModel)),
)]
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let gateway = call.service.gateway_row(&call.caller, &call.gateway()?).await?;
    Ok(response::ok(GatewayModel::from(&gateway)))
}
