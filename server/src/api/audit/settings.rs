//! `GET` and `PATCH /v1/organizations/audit/settings`: returns and changes the audit settings.

use axum::response::Response;
use model::audit::AuditSettings;
use utoipa::ToSchema;

use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::Members;
use crate::api::http::response;

#[utoipa::path(
    get,
    path = "/v1/organizations/audit/settings",
    tag = "Audit log",
    operation_id = "get_audit_settings_organizations",
    summary = "Get the audit settings",
    description = "Shows what is audited. Takes the permission `admin`, unscoped or with a scope of `organization`.",
    responses((status = 200, description = "The settings.", body = AuditSettings)),
)]
pub(in crate::api) async fn settings(call: Call) -> Result<Response, Failure> {
    Ok(response::ok(call.service.audit_settings(&call.caller).await?))
}

#[utoipa::path(
    patch,
    path = "/v1/organizations/audit/settings",
    tag = "Audit log",
    operation_id = "update_audit_settings_organizations",
    summary = "Change the audit settings",
    description = "Changes what is audited; `{}` changes nothing. Takes the permission `admin`, unscoped or with a \
                  scope of `organization`.",
    request_body = AuditSettingsRequest,
    responses((status = 200, description = "The settings after the change.", body = AuditSettings)),
)]
pub(in crate::api) async fn update_settings(call: Call) -> Result<Response, Failure> {
    let read_auditing_enabled = read(call.members()?)?;
    let settings = call.service.update_audit_settings(&call.caller, read_auditing_enabled).await?;
    Ok(response::ok(settings))
}

/// Reads the body. Returns the new value of `read_auditing_enabled`, or `None` if it is absent or null.
pub(in crate::api) fn read(body: Members) -> Result<Option<bool>, Failure> {
    let mut body = body.ignoring_null(&["read_auditing_enabled"]);
    let read_auditing_enabled = body.flag("read_auditing_enabled");
    body.finish(Ok(read_auditing_enabled))
}

/// A change to what is audited. What is absent stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct AuditSettingsRequest {
    /// Whether looking at things is recorded too.
    #[schema(examples(true))]
    read_auditing_enabled: Option<bool>,
}
