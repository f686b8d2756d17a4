//! `GET /v1/organizations/api-keys/{key_id}/usage/endpoints`: returns which endpoints a key requested.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

/// How often an endpoint was called.
#[derive(Serialize, ToSchema)]
#[schema(as = EndpointUsage)]
struct Endpoint<'a> {
    /// The method.
    #[schema(examples("GET"))]
    method: &'a str,
    /// The pattern of the route.
    #[schema(examples("/v1/organizations/users/{user_email}/api-keys"))]
    path: &'a str,
    /// Number of requests, whether accepted or refused.
    #[schema(examples(42))]
    requests: u64,
    /// Number of requests that did not succeed.
    #[schema(examples(2))]
    errors: u64,
}

/// The response is a bare list, because the published client expects one here.
#[utoipa::path(
    get,
    path = "/v1/organizations/api-keys/{key_id}/usage/endpoints",
    tag = "Usage",
    operation_id = "get_key_breakdown_organizations_id_usage_endpoints",
    summary = "Get the endpoints of a key",
    description = "Lists the endpoints that were called with a key, the most frequent first. Requests are counted by day. \
                   `path` is the pattern of the route, never the actual path.",
    params(
        ("start" = Option<String>, Query, description = "Start of the range: a date and time as in RFC 3339, or a date. \
                                                         The default is 30 days before the end.", example = "2026-11-22T00:00:00Z"),
        ("end" = Option<String>, Query, description = "End of the range, which is not part of it. Must be later than \
                                                       `start`. The default is now.", example = "2026-11-23T00:00:00Z"),
    ),
    responses((status = 200, description = "The endpoints.", body = Vec<Endpoint>)),
)]
pub(in crate::api) async fn endpoints(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let range = query.range("start", "end");
    query.finish()?;
    let endpoints = call.service.endpoints_of_key(&call.caller, &call.key_id(), range).await?;
    let shown: Vec<_> = endpoints
        .iter()
        .map(|usage| Endpoint {
            method: &usage.method,
            path: &usage.path,
            requests: usage.requests,
            errors: usage.errors,
        })
        .collect();
    Ok(response::ok(shown))
}
