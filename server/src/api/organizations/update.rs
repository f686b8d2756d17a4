//! `PATCH /v1/organizations`: changes the caller's organization.

use axum::response::Response;
use model::email::Email;
use model::organization::{OrganizationPatch, OrganizationPatchDraft, RateLimitsDraft};
use serde_json::{Map, Value};

use super::dto::{OrganizationModelResponse, answer_with};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};

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
    OrganizationUpdateRequest::checked(body, |draft| draft.check())
}

request_body! {
    /// A change to an organization. Absent fields stay as they are.
    pub(in crate::api) struct OrganizationUpdateRequest for OrganizationPatchDraft {
        /// The new name.
        #[schema(min_length = 1, max_length = 100, examples("Acme Ltd"))]
        organization_name: Option<String> = text or null,
        /// The URL of a picture, with http or https. Null removes it.
        #[schema(max_length = 2048, examples("https://acme.example/logo.png"))]
        logo_url: Option<String> = text_change,
        /// The e-mail address for bills. Null removes it.
        billing_email: Option<Email> = text_change,
        /// The new metadata, which replaces all of the present one.
        metadata: Option<Map<String, Value>> = map or null,
        /// Requests per minute by kind of work. Absent limits stay as they are.
        rate_limits: Option<RateLimitsRequest> = object::<RateLimitsRequest> or null,
    }
}

request_body! {
    /// Requests per minute by kind of work.
    pub(in crate::api) struct RateLimitsRequest for RateLimitsDraft {
        #[schema(minimum = 1, maximum = 2_147_483_647, examples(1000))]
        metadata: Option<u32> = integer or null,
        #[schema(minimum = 1, maximum = 2_147_483_647, examples(1000))]
        data: Option<u32> = integer or null,
        #[schema(minimum = 1, maximum = 2_147_483_647, examples(1000))]
        search: Option<u32> = integer or null,
        #[schema(minimum = 1, maximum = 2_147_483_647, examples(100))]
        upload: Option<u32> = integer or null,
        #[schema(minimum = 1, maximum = 2_147_483_647, examples(100))]
        compute: Option<u32> = integer or null,
    }
}
