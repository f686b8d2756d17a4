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
    /// From when.
    start: Timestamp,
    /// Until when.
    end: Timestamp,
    /// Requests with a key of the organization, accepted or not.
    #[schema(examples(1300))]
    total_requests: u64,
    /// Counts by outcome, those that there were: `VALID`, `REVOKED`, `EXPIRED`, `DISABLED`, `OWNER_INACTIVE`, `INSUFFICIENT_PERMISSIONS`, `OUT_OF_SCOPE`, `RATE_LIMITED`.
    #[schema(examples(json!({"VALID": 1298, "EXPIRED": 2})))]
    by_status: BTreeMap<&'a str, u64>,
    /// The busiest keys.
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
    /// Requests with it, accepted or not.
    #[schema(examples(1300))]
    total_requests: u64,
    /// Counts by outcome.
    #[schema(examples(json!({"VALID": 1298, "EXPIRED": 2})))]
    by_status: BTreeMap<&'a str, u64>,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/usage",
    tag = "Usage",
    operation_id = "get_org_usage_organizations",
    summary = "Get the usage of all keys",
    description = "Shows how often the keys of the organization were shown, what came of it, and the busiest of them. A \
                  range is widened to whole hours, and to whole days (UTC) where it begins more than 31 days ago. \
                  Takes the permission `admin`, unscoped or with a scope of `organization`.",
    params(
        ("start" = Option<String>, Query, description = "The first moment: RFC 3339, or a date alone. By default 30 days before the end.", example = "2026-11-22T00:00:00Z"),
        ("end" = Option<String>, Query, description = "The first moment after the range; later than `start`. By default now.", example = "2026-11-23T00:00:00Z"),
        ("limit" = Option<u32>, Query, description = "Keys in the answer at most; 100 by default.", minimum = 1, maximum = 1000),
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
