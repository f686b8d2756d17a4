//! `PATCH /v1/private/organizations/{organization_id}`: changes an organization.

use axum::response::Response;
use model::email::Email;
use model::field::FieldErrors;
use model::organization::{AccountType, OrganizationPatch};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::Members;
use crate::api::organizations::{self, OrganizationModelResponse, RateLimitsRequest};

/// `account_type` is validated and has no effect.
#[utoipa::path(
    patch,
    path = "/v1/private/organizations/{organization_id}",
    tag = "Operator",
    operation_id = "update_organization_private",
    summary = "Change an organization",
    description = "Changes the fields that are in the body, as an admin of the organization could. Only the operator can \
                   use this endpoint, with the token from the file in `KEYSTEAD_OPERATOR_TOKEN_FILE`. Without that \
                   setting, the endpoint does not exist.",
    request_body = OrganizationPrivateUpdateRequest,
    responses(
        (status = 200, description = "The changed organization.", body = OrganizationModelResponse),
    ),
)]
pub(in crate::api) async fn update(call: OperatorCall) -> Result<Response, Failure> {
    let patch = read(call.members()?)?;
    let caller = call.caller().await?;
    let organization = call.service.update_organization(&caller, patch).await?;
    organizations::answer_with(&call.service, &caller, &organization).await
}

pub(in crate::api) fn read(body: Members) -> Result<OrganizationPatch, Failure> {
    let mut body = body.ignoring_null(organizations::IGNORING_NULL).ignoring_null(&["account_type"]);
    let draft = organizations::patch_draft(&mut body);
    let mut errors = FieldErrors::default();
    if let Some(word) = body.text("account_type") {
        errors.take("account_type", AccountType::check(&word));
    }
    let checked = match draft.check() {
        Ok(patch) => errors.or(Some(patch)),
        Err(mut broken) => {
            broken.merge(errors);
            Err(broken)
        }
    };
    body.finish(checked)
}

/// A change to an organization. Absent fields stay as they are.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the fields, which are read one by one")]
struct OrganizationPrivateUpdateRequest {
    /// The new name.
    #[schema(min_length = 1, max_length = 100, examples("Globex Ltd"))]
    organization_name: Option<String>,
    /// The URL of a picture, with http or https. Null removes it.
    #[schema(max_length = 2048, examples("https://globex.example/logo.png"))]
    logo_url: Option<String>,
    /// The e-mail address for bills. Null removes it.
    billing_email: Option<Email>,
    /// The new metadata, which replaces all of the present one.
    metadata: Option<Map<String, Value>>,
    /// Requests per minute by kind of work. Absent limits stay as they are.
    rate_limits: Option<RateLimitsRequest>,
    /// Accepted, but makes no difference.
    account_type: Option<AccountType>,
}
