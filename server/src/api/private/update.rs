//! `PATCH /v1/private/organizations/{organization_id}`: changes an organization.

use axum::response::Response;
use model::email::Email;
use model::field::FieldErrors;
use model::key::Change;
use model::organization::{AccountType, OrganizationPatch, OrganizationPatchDraft, RateLimitsDraft};
use serde_json::{Map, Value};

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
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
    OrganizationPrivateUpdateRequest::checked(body, PrivatePatchDraft::check)
}

/// The draft of a change by the operator.
struct PrivatePatchDraft {
    organization_name: Option<String>,
    logo_url: Change<String>,
    billing_email: Change<String>,
    metadata: Option<Map<String, Value>>,
    rate_limits: Option<RateLimitsDraft>,
    account_type: Option<String>,
}

impl PrivatePatchDraft {
    fn check(self) -> Result<OrganizationPatch, FieldErrors> {
        let Self { organization_name, logo_url, billing_email, metadata, rate_limits, account_type } = self;
        let draft =
            OrganizationPatchDraft { organization_name, logo_url, billing_email, metadata, rate_limits };
        let mut errors = FieldErrors::default();
        if let Some(word) = account_type {
            errors.take("account_type", AccountType::check(&word));
        }
        match draft.check() {
            Ok(patch) => errors.or(Some(patch)),
            Err(mut broken) => {
                broken.merge(errors);
                Err(broken)
            }
        }
    }
}

request_body! {
    /// A change to an organization. Absent fields stay as they are.
    struct OrganizationPrivateUpdateRequest for PrivatePatchDraft {
        /// The new name.
        #[schema(min_length = 1, max_length = 100, examples("Globex Ltd"))]
        organization_name: Option<String> = text or null,
        /// The URL of a picture, with http or https. Null removes it.
        #[schema(max_length = 2048, examples("https://globex.example/logo.png"))]
        logo_url: Option<String> = text_change,
        /// The e-mail address for bills. Null removes it.
        billing_email: Option<Email> = text_change,
        /// The new metadata, which replaces all of the present one.
        metadata: Option<Map<String, Value>> = map or null,
        /// Requests per minute by kind of work. Absent limits stay as they are.
        rate_limits: Option<RateLimitsRequest> = object::<RateLimitsRequest> or null,
        /// Accepted, but makes no difference.
        account_type: Option<AccountType> = text or null,
    }
}
