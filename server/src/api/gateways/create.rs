//! `POST /v1/gateways`: creates a gateway.

use axum::response::Response;
use model::gateway::{GatewayActivity, GatewayRow};

use super::GatewayModel;
use super::body::{self, GatewayCreateRequest};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

#[utoipa::path(
    post,
    path = "/v1/gateways",
    tag = "Gateways",
    operation_id = "create_gateway",
    summary = "Create a gateway",
    description = "Creates a gateway. Proxies can use it at once. An organization can have at most 100 gateways. Requires \
                   the permission `admin` or, for a key of a service account, the permission `gateway:create`.",
    request_body = GatewayCreateRequest,
    responses(
        (status = 200, description = "The gateway.", body = GatewayModel),
        (status = 409, description = "A gateway with this name already exists."),
    ),
)]
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let new = body::read_new(call.members()?)?;
    let gateway = call.service.create_gateway(&call.caller, new).await?;
    Ok(response::ok(GatewayModel::from(&GatewayRow::new(gateway, &GatewayActivity::default()))))
}
