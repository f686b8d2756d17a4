//! `GET /v1/organizations/audit/logs`

use axum::response::Response;
use model::audit::{AuditFilter, check_action_word, check_resource_word};
use model::page::{PAGE_SIZE_MAX, PageSize};
use serde::Serialize;

use super::shape::AuditEventResponse;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

#[derive(Serialize)]
struct AuditEventListResponse<'a> {
    results: Vec<AuditEventResponse<'a>>,
    total: u64,
    skip: u32,
    limit: u32,
}

/// Lists records, newest first.
pub(in crate::api) async fn list(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let resource = query.word("resource_type", check_resource_word);
    let resource_id = query.text("resource_id");
    let actor_id = query.text("actor_id");
    let action = query.word("action", check_action_word);
    let (from, until) = query.range("start", "end");
    let skip = query.number("skip", 0..=i32::MAX.unsigned_abs(), 0);
    let limit = query.number("limit", 1..=PAGE_SIZE_MAX, PageSize::default().get());
    query.finish()?;
    let filter = AuditFilter { resource, resource_id, actor_id, action, from, until };
    let page = call.service.list_audit(&call.caller, &filter, skip.into(), limit).await?;
    let results = page.events.iter().map(AuditEventResponse::from).collect();
    Ok(answer::ok(AuditEventListResponse { results, total: page.total, skip, limit }))
}
