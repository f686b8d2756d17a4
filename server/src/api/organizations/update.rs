//! `PATCH /v1/organizations`: changes the caller's organization.

use axum::response::Response;
use model::email::Email;
use model::organization::{OrganizationPatch, OrganizationPatchDraft, RateLimitsDraft};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::dto::{OrganizationModelResponse, answer_with};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::Members;

/// Members for which `null` means absence.
pub(in crate::api) const IGNORING_NULL: &[&str] = &["organization_name", "metadata", "rate_limits"];

#[utoipa::path(
    patch,
    path = "/v1/organizations",
    tag = "Organization",
    operation_id = "update_organization",
    summary = "Change the organization",
    description = "Changes the fields that are in the body. Metadata is replaced as a whole, and each rate limit by \
                   itself. Requires the permission `admin`, either without scopes or with a scope of the type \
                   `organization`.",
    request_body = OrganizationUpdateRequest,
    responses(
        (status = 200, description = "The changed organization.", body = OrganizationModelResponse),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let patch = read(call.members()?)?;
    let organization = call.service.update_organization(&call.caller, patch).await?;
    answer_with(&call.service, &call.caller, &organization).await
}

pub(in crate::api) fn read(body: Members) -> Result<OrganizationPatch, Failure> {
    let mut body = body.ignoring_null(IGNORING_NULL);
    let draft = patch_draft(&mut body);
    body.finish(draft.check())
}

/// Reads the members that this endpoint and the operator's have in common.
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

/// A change to an organization. Absent fields stay as they are.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the fields, which are read one by one")]
pub(in crate::api) struct OrganizationUpdateRequest {
    /// The new name.
    #[schema(min_length = 1, max_length = 100, examples("Acme Ltd"))]
    organization_name: Option<String>,
    /// The URL of a picture, with http or https. Null removes it.
    #[schema(max_length = 2048, examples("https://acme.example/logo.png"))]
    logo_url: Option<String>,
    /// The e-mail address for bills. Null removes it.
    billing_email: Option<Email>,
    /// The new metadata, which replaces all of the present one.
    metadata: Option<Map<String, Value>>,
    /// Requests per minute by kind of work. Absent limits stay as they are.
    rate_limits: Option<RateLimitsRequest>,
}

/// Requests per minute by kind of work.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the fields, which are read one by one")]
pub(in crate::api) struct RateLimitsRequest {
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(1000))]
    metadata: Option<u32>,
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(1000))]
    data: Option<u32>,
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(1000))]
    search: Option<u32>,
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(100))]
    upload: Option<u32>,
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(100))]
    compute: Option<u32>,
}
