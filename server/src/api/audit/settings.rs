//! `GET` and `PATCH /v1/organizations/audit/settings`

use axum::response::Response;

use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Shows what is audited.
pub(in crate::api) async fn settings(call: Call) -> Result<Response, Failure> {
    Ok(answer::ok(call.service.audit_settings(&call.caller).await?))
}

/// Changes what is audited; `{}` changes nothing.
pub(in crate::api) async fn update_settings(call: Call) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(&["read_auditing_enabled"]);
    let read_auditing_enabled = body.flag("read_auditing_enabled");
    body.finish(Ok(()))?;
    let settings = call.service.update_audit_settings(&call.caller, read_auditing_enabled).await?;
    Ok(answer::ok(settings))
}
