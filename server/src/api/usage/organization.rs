//! `GET /v1/organizations/usage`

use std::collections::BTreeMap;

use axum::response::Response;
use model::Timestamp;
use model::id::KeyId;
use model::page::PAGE_SIZE_MAX;
use model::usage::KeyUsage;
use serde::Serialize;

use super::shape::by_status;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Keys that are shown if nothing else is said.
const KEYS_SHOWN: u32 = 100;

#[derive(Serialize)]
struct OrganizationUsage<'a> {
    start: Timestamp,
    end: Timestamp,
    total_requests: u64,
    by_status: BTreeMap<&'static str, u64>,
    by_key: Vec<UsageOfKey<'a>>,
}

#[derive(Serialize)]
struct UsageOfKey<'a> {
    key_id: &'a KeyId,
    name: &'a str,
    total_requests: u64,
    by_status: BTreeMap<&'static str, u64>,
}

/// Shows how often the organization's keys were used, and the busiest of them.
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
    Ok(answer::ok(OrganizationUsage {
        start: usage.range.start,
        end: usage.range.end,
        total_requests: usage.counts.total(),
        by_status: by_status(&usage.counts),
        by_key: by_key.collect(),
    }))
}
