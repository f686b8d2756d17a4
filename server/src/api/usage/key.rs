//! `GET /v1/organizations/api-keys/{key_id}/usage`

use std::collections::BTreeMap;

use axum::response::Response;
use model::Timestamp;
use model::id::KeyId;
use serde::Serialize;

use super::shape::by_status;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

#[derive(Serialize)]
struct UsageOfKey<'a> {
    key_id: &'a KeyId,
    start: Timestamp,
    end: Timestamp,
    total_requests: u64,
    by_status: BTreeMap<&'static str, u64>,
    last_used_at: Option<Timestamp>,
}

/// Shows how often a key was used.
pub(in crate::api) async fn key(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let range = query.range("start", "end");
    query.finish()?;
    let usage = call.service.usage_of_key(&call.caller, &call.key_id(), range).await?;
    Ok(answer::ok(UsageOfKey {
        key_id: &usage.key.key_id,
        start: usage.range.start,
        end: usage.range.end,
        total_requests: usage.counts.total(),
        by_status: by_status(&usage.counts),
        last_used_at: usage.key.last_use.as_ref().map(|used| used.at),
    }))
}
