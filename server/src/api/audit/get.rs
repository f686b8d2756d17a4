//! `GET /v1/organizations/audit/logs/{audit_id}`: returns one audit record.

use axum::response::Response;
use model::id::AuditId;

use super::dto::AuditEventResponse;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

/// A malformed id is treated like an unknown one.
#[utoipa::path(
    get,
    path = "/v1/organizations/audit/logs/{audit_id}",
    tag = "Audit log",
    operation_id = "get_audit_log_organizations",
    summary = "Get an audit record",
    description = "Returns one audit record. Requires the permission `admin`, either without scopes or with a scope of the \
                   type `organization`.",
    responses((status = 200, description = "The record.", body = AuditEventResponse)),
)]
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let id = AuditId::parse(&call.parameter(0)).unwrap_or_else(|_| AuditId::from_random(""));
    let event = call.service.get_audit_event(&call.caller, &id).await?;
    Ok(response::ok(AuditEventResponse::from(&event)))
}
