//! `GET /v1/organizations/audit/logs`: lists audit records.

use axum::response::Response;
use model::audit::{AuditFilter, check_action_word, check_resource_word};
use model::page::{PAGE_SIZE_MAX, PageSize};
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::AuditEventResponse;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

#[derive(Serialize, ToSchema)]
struct AuditEventListResponse<'a> {
    /// The records, newest first.
    results: Vec<AuditEventResponse<'a>>,
    /// Number of matching records. Exact up to 10,000 records after the page.
    #[schema(examples(1))]
    total: u64,
    /// The value from the request, or the default.
    #[schema(examples(0))]
    skip: u32,
    /// The value from the request, or the default.
    #[schema(examples(50))]
    limit: u32,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/audit/logs",
    tag = "Audit log",
    operation_id = "list_audit_logs_organizations",
    summary = "List audit records",
    description = "Lists audit records, newest first. They say who did what and when. Every change is recorded in the \
                   transaction that makes it. Reads are recorded too if the audit settings say so. Requires the permission \
                   `admin`, either without scopes or with a scope of the type `organization`.",
    params(
        ("resource_type" = Option<String>, Query, description = "Only records about resources of this type, such as `organization`, `user` or `api_key`. Other types that published clients know are accepted and match nothing.", example = "api_key"),
        ("resource_id" = Option<String>, Query, description = "Only records about the resource with this id.", example = "key_4mQ8sV2nXb7TzR1cYk0p"),
        ("actor_id" = Option<String>, Query, description = "Only records of this actor: the id of a user or service \
                                                            account, which includes their keys, or `operator`.", example = "usr_4mQ8sV2nXb7TzR1cYk0p"),
        ("action" = Option<String>, Query, description = "Only records of this action. Other actions that published \
                                                          clients know are accepted and match nothing.", example = "api_key_created"),
        ("start" = Option<String>, Query, description = "Start of the range: a date and time as in RFC 3339, or a date.", example = "2026-11-22T00:00:00Z"),
        ("end" = Option<String>, Query, description = "End of the range, which is not part of it. Must be later than \
                                                       `start`.", example = "2026-11-23T00:00:00Z"),
        ("skip" = Option<u32>, Query, description = "Number of records to skip.", minimum = 0, maximum = 2_147_483_647),
        ("limit" = Option<u32>, Query, description = "Maximum number of records in the response.", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "Some records.", body = AuditEventListResponse)),
)]
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
    Ok(response::ok(AuditEventListResponse { results, total: page.total, skip, limit }))
}
