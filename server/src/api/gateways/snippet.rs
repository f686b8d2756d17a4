//! `GET /v1/gateways/{gateway_id}/snippet`: generates the configuration of a proxy.

use axum::response::Response;
use model::field::{FieldErrors, Rule};
use model::gateway::{Proxy, ProxyAddress};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

/// The upstream if the client names none: a common address, which the user has to replace.
const UPSTREAM: &str = "http://127.0.0.1:8080";

/// The configuration of a proxy.
#[derive(Serialize, ToSchema)]
struct GatewaySnippet {
    proxy: Proxy,
    /// The whole file.
    #[schema(examples("server { listen 8000; … }"))]
    text: String,
}

#[utoipa::path(
    get,
    path = "/v1/gateways/{gateway_id}/snippet",
    tag = "Gateways",
    operation_id = "get_gateway_snippet",
    summary = "Get a proxy's configuration",
    description = "Returns the complete configuration of a proxy that asks this gateway about each request and forwards \
                   those that may pass. Requires the permission `admin` or, for a key of a service account, the permission \
                   `gateway:read`.",
    params(
        ("proxy" = Proxy, Query, description = "The proxy."),
        ("server" = String, Query, description = "The address at which the proxy reaches this server."),
        ("upstream" = Option<String>, Query, description = "The address of your own API. The default is \
                                                            http://127.0.0.1:8080."),
    ),
    responses((status = 200, description = "The configuration.", body = GatewaySnippet)),
)]
pub(in crate::api) async fn snippet(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let proxy = query.word("proxy", Proxy::check);
    let server = query.word("server", ProxyAddress::parse);
    let upstream = query.word("upstream", ProxyAddress::parse);
    query.finish()?;
    let mut missing = FieldErrors::default();
    let upstream = upstream.or_else(|| missing.take("upstream", ProxyAddress::parse(UPSTREAM)));
    if proxy.is_none() {
        missing.push("proxy", Rule::Missing, "Choose a proxy.");
    }
    if server.is_none() {
        missing.push("server", Rule::Missing, "Give the address at which the proxy reaches this server.");
    }
    let ((proxy, server), upstream) = missing.or(proxy.zip(server).zip(upstream)).map_err(Failure::Query)?;
    let gateway = call.service.get_gateway(&call.caller, &call.gateway()?).await?;
    let text = model::gateway::snippet(proxy, &gateway, &server, &upstream);
    Ok(response::ok(GatewaySnippet { proxy, text }))
}
