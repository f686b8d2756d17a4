//! `PATCH /v1/organizations`

use axum::response::Response;
use model::organization::{OrganizationPatchDraft, RateLimitsDraft};

use super::shape::answer_with;
use crate::api::call::Call;
use crate::api::failure::Failure;
use crate::api::json::Members;

/// Members for which `null` is the same as leaving them out.
pub(in crate::api) const IGNORING_NULL: &[&str] = &["organization_name", "metadata", "rate_limits"];

/// Changes what the body names; metadata is replaced whole.
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(IGNORING_NULL);
    let draft = patch_draft(&mut body);
    let patch = body.finish(draft.check())?;
    let organization = call.service.update_organization(&call.caller, patch).await?;
    answer_with(&call.service, &call.caller, &organization).await
}

/// The change that a body asks for.
pub(in crate::api) fn patch_draft(body: &mut Members) -> OrganizationPatchDraft {
    OrganizationPatchDraft {
        organization_name: body.text("organization_name"),
        logo_url: body.text_change("logo_url"),
        billing_email: body.text_change("billing_email"),
        metadata: body.map("metadata"),
        rate_limits: rate_limits(body),
    }
}

fn rate_limits(body: &mut Members) -> Option<RateLimitsDraft> {
    let kinds = ["metadata", "data", "search", "upload", "compute"];
    let mut limits = body.object("rate_limits")?.ignoring_null(&kinds);
    let draft = RateLimitsDraft {
        metadata: limits.integer("metadata"),
        data: limits.integer("data"),
        search: limits.integer("search"),
        upload: limits.integer("upload"),
        compute: limits.integer("compute"),
    };
    body.put_back(&["rate_limits".into()], limits);
    Some(draft)
}
