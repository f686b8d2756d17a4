//! `GET /v1/gateways`: lists the gateways.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::GatewayModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

#[derive(Serialize, ToSchema)]
struct GatewayList<'a> {
    /// All gateways, sorted by name.
    results: Vec<GatewayModel<'a>>,
    /// The present number.
    #[schema(examples(1))]
    total: usize,
}

#[utoipa::path(
    get,
    path = "/v1/gateways",
    tag = "Gateways",
    operation_id = "list_gateways",
    summary = "List gateways",
    description = "Lists all gateways of the organization, sorted by name. Requires the permission `admin` or, for a key \
                   of a service account, the permission `gateway:read`.",
    responses((status = 200, description = "The gateways.", body = GatewayList)),
)]
pub(in crate::api) async fn list(call: Call) -> Result<Response, Failure> {
    let gateways = call.service.gateway_rows(&call.caller).await?;
    let results: Vec<_> = gateways.iter().map(GatewayModel::from).collect();
    let total = results.len();
    Ok(response::ok(GatewayList { results, total }))
}
