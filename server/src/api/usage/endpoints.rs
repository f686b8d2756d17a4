//! `GET /v1/organizations/api-keys/{key_id}/usage/endpoints`

use axum::response::Response;
use serde::Serialize;

use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

#[derive(Serialize)]
struct Endpoint<'a> {
    method: &'a str,
    path: &'a str,
    requests: u64,
    errors: u64,
}

/// Shows what a key asked for: a list, as the published client wants it here.
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
    Ok(answer::ok(shown))
}
