//! `GET` and `PATCH /v1/organizations/audit/settings`: returns and changes the audit settings.

use axum::response::Response;
use model::audit::AuditSettings;

use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::response;

#[utoipa::path(
    get,
    path = "/v1/organizations/audit/settings",
    tag = "Audit log",
    operation_id = "get_audit_settings_organizations",
    summary = "Get the audit settings",
    description = "Returns the audit settings of the organization. Requires the permission `admin`, either without scopes \
                   or with a scope of the type `organization`.",
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
    description = "Changes the audit settings of the organization. The body `{}` changes nothing. Requires the permission \
                   `admin`, either without scopes or with a scope of the type `organization`.",
    request_body = AuditSettingsRequest,
    responses((status = 200, description = "The changed settings.", body = AuditSettings)),
)]
pub(in crate::api) async fn update_settings(call: Call) -> Result<Response, Failure> {
    let read_auditing_enabled = read(call.members()?)?;
    let settings = call.service.update_audit_settings(&call.caller, read_auditing_enabled).await?;
    Ok(response::ok(settings))
}

/// Reads the body. Returns the new value of `read_auditing_enabled`, or `None` if it is absent or null.
pub(in crate::api) fn read(body: Members) -> Result<Option<bool>, Failure> {
    AuditSettingsRequest::checked(body, |AuditSettingsDraft { read_auditing_enabled }| {
        Ok(read_auditing_enabled)
    })
}

struct AuditSettingsDraft {
    read_auditing_enabled: Option<bool>,
}

request_body! {
    /// A change to the audit settings. Absent fields stay as they are.
    struct AuditSettingsRequest for AuditSettingsDraft {
        /// Whether reads are recorded too.
        #[schema(examples(true))]
        read_auditing_enabled: Option<bool> = flag or null,
    }
}
