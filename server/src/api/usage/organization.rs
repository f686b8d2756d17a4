//! `GET /v1/organizations/usage`: returns how often the organization's keys were used.

use std::collections::BTreeMap;

use axum::response::Response;
use model::Timestamp;
use model::id::KeyId;
use model::page::PAGE_SIZE_MAX;
use model::usage::KeyUsage;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::by_status;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

/// The most keys in a response if the client gives no limit.
const KEYS_SHOWN: u32 = 100;

/// How often the keys of an organization were used.
#[derive(Serialize, ToSchema)]
struct OrganizationUsage<'a> {
    /// Start of the range.
    start: Timestamp,
    /// End of the range.
    end: Timestamp,
    /// Number of requests with keys of the organization, whether accepted or refused.
    #[schema(examples(1300))]
    total_requests: u64,
    /// Number of requests by outcome: `VALID`, `REVOKED`, `EXPIRED`, `DISABLED`, `OWNER_INACTIVE`,
    /// `INSUFFICIENT_PERMISSIONS`, `OUT_OF_SCOPE`, `RATE_LIMITED`. Outcomes that did not occur are absent.
    #[schema(examples(json!({"VALID": 1298, "EXPIRED": 2})))]
    by_status: BTreeMap<&'a str, u64>,
    /// The keys that were used most.
    by_key: Vec<UsageOfKey<'a>>,
}

/// How often one of the keys was used.
#[derive(Serialize, ToSchema)]
#[schema(as = KeyUsageSummary)]
struct UsageOfKey<'a> {
    key_id: &'a KeyId,
    /// The name of the key.
    #[schema(examples("deploy"))]
    name: &'a str,
    /// Number of requests with the key, whether accepted or refused.
    #[schema(examples(1300))]
    total_requests: u64,
    /// Number of requests by outcome.
    #[schema(examples(json!({"VALID": 1298, "EXPIRED": 2})))]
    by_status: BTreeMap<&'a str, u64>,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/usage",
    tag = "Usage",
    operation_id = "get_org_usage_organizations",
    summary = "Get the usage of all keys",
    description = "Returns how often the keys of the organization were presented, with what outcome, and which keys were \
                   used most. The range is extended to whole hours or, if it begins more than 31 days ago, to whole days \
                   in UTC. Requires the permission `admin`, either without scopes or with a scope of the type \
                   `organization`.",
    params(
        ("start" = Option<String>, Query, description = "Start of the range: a date and time as in RFC 3339, or a date. \
                                                         The default is 30 days before the end.", example = "2026-11-22T00:00:00Z"),
        ("end" = Option<String>, Query, description = "End of the range, which is not part of it. Must be later than \
                                                       `start`. The default is now.", example = "2026-11-23T00:00:00Z"),
        ("limit" = Option<u32>, Query, description = "Maximum number of keys in the response. The default is 100.", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "The counts.", body = OrganizationUsage)),
)]
pub(in crate::api) async fn organization(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let range = query.range("start", "end");
    let limit = query.number("limit", 1..=PAGE_SIZE_MAX, KEYS_SHOWN);
    query.finish()?;
    let usage = call.service.usage_of_organization(&call.caller, range, limit).await?;
    let by_key = usage.by_key.iter().map(|KeyUsage { key_id, name, counts }| UsageOfKey {
        key_id,
        name,
        total_requests: counts.total(),
        by_status: by_status(counts),
    });
    Ok(response::ok(OrganizationUsage {
        start: usage.range.start,
        end: usage.range.end,
        total_requests: usage.counts.total(),
        by_status: by_status(&usage.counts),
        by_key: by_key.collect(),
    }))
}
