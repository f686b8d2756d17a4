//! `GET /v1/organizations/api-keys/{key_id}/usage`: returns how often a key was used.

use std::collections::BTreeMap;

use axum::response::Response;
use model::Timestamp;
use model::id::KeyId;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::by_status;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

/// How often a key was used.
#[derive(Serialize, ToSchema)]
#[schema(as = KeyUsageResponse)]
struct UsageOfKey<'a> {
    key_id: &'a KeyId,
    /// Start of the range.
    start: Timestamp,
    /// End of the range.
    end: Timestamp,
    /// Number of requests with the key, whether accepted or refused.
    #[schema(examples(1300))]
    total_requests: u64,
    /// Number of requests by outcome: `VALID`, `REVOKED`, `EXPIRED`, `DISABLED`, `OWNER_INACTIVE`,
    /// `INSUFFICIENT_PERMISSIONS`, `OUT_OF_SCOPE`, `RATE_LIMITED`. Outcomes that did not occur are absent.
    #[schema(examples(json!({"VALID": 1298, "EXPIRED": 2})))]
    by_status: BTreeMap<&'a str, u64>,
    /// When the key was last accepted.
    #[schema(required)]
    last_used_at: Option<Timestamp>,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/api-keys/{key_id}/usage",
    tag = "Usage",
    operation_id = "get_key_usage_organizations",
    summary = "Get the usage of a key",
    description = "Returns how often a key was presented, and with what outcome. Every caller that may list the key may \
                   use this endpoint. The range is extended to whole hours or, if it begins more than 31 days ago, to \
                   whole days in UTC.",
    params(
        ("start" = Option<String>, Query, description = "Start of the range: a date and time as in RFC 3339, or a date. \
                                                         The default is 30 days before the end.", example = "2026-11-22T00:00:00Z"),
        ("end" = Option<String>, Query, description = "End of the range, which is not part of it. Must be later than \
                                                       `start`. The default is now.", example = "2026-11-23T00:00:00Z"),
    ),
    responses((status = 200, description = "The counts.", body = UsageOfKey)),
)]
pub(in crate::api) async fn key(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let range = query.range("start", "end");
    query.finish()?;
    let usage = call.service.usage_of_key(&call.caller, &call.key_id(), range).await?;
    Ok(response::ok(UsageOfKey {
        key_id: &usage.key.key_id,
        start: usage.range.start,
        end: usage.range.end,
        total_requests: usage.counts.total(),
        by_status: by_status(&usage.counts),
        last_used_at: usage.key.last_use.as_ref().map(|used| used.at),
    }))
}
