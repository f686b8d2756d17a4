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
    description = "Changes what the body names, as the organization's own admin would. For the operator alone, by the \
                  token in the file that `KEYSTEAD_OPERATOR_TOKEN_FILE` names; without one there is nothing at this \
                  address.",
    request_body = OrganizationPrivateUpdateRequest,
    responses(
        (status = 200, description = "The organization after the change.", body = OrganizationModelResponse),
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

/// A change to an organization. What is absent stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct OrganizationPrivateUpdateRequest {
    /// A new name.
    #[schema(min_length = 1, max_length = 100, examples("Globex Ltd"))]
    organization_name: Option<String>,
    /// The address of a picture, http or https. Null removes it.
    #[schema(max_length = 2048, examples("https://globex.example/logo.png"))]
    logo_url: Option<String>,
    /// Where bills would go. Null removes it.
    billing_email: Option<Email>,
    /// All metadata from now on.
    metadata: Option<Map<String, Value>>,
    /// Requests per minute by kind of work; those absent stay.
    rate_limits: Option<RateLimitsRequest>,
    /// Taken, and makes no difference.
    account_type: Option<AccountType>,
}
