//! `DELETE /v1/gateways/{gateway_id}`: removes a gateway.

use axum::response::Response;

use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response::{self, GenericSuccessResponse};

#[utoipa::path(
    delete,
    path = "/v1/gateways/{gateway_id}",
    tag = "Gateways",
    operation_id = "delete_gateway",
    summary = "Remove a gateway",
    description = "Removes a gateway for good. Proxies that still use it let nobody pass. Requires the permission `admin` \
                   or, for a key of a service account, the permission `gateway:delete`.",
    responses((status = 200, description = "The gateway was removed.", body = GenericSuccessResponse)),
)]
pub(in crate::api) async fn remove(call: Call) -> Result<Response, Failure> {
    call.service.remove_gateway(&call.caller, &call.gateway()?).await?;
    Ok(response::done())
}
