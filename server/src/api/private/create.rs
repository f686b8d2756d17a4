//! `POST /v1/private/organizations`: creates an organization.

use axum::response::Response;
use model::organization::{AccountType, NewOrganization, OrganizationDraft};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::Members;
use crate::api::organizations::{self, OrganizationModelResponse};
use crate::api::users::UserCreateRequest;

#[utoipa::path(
    post,
    path = "/v1/private/organizations",
    tag = "Operator",
    operation_id = "create_organization",
    summary = "Create an organization",
    description = "Makes an organization with its first members. The first of them is an admin if no role is given. For \
                  the operator alone, by the token in the file that `KEYSTEAD_OPERATOR_TOKEN_FILE` names; without one \
                  there is nothing at this address.",
    request_body = OrganizationCreateRequest,
    responses(
        (status = 200, description = "The organization.", body = OrganizationModelResponse),
        (status = 409, description = "Two of the users have the same e-mail."),
    ),
)]
pub(in crate::api) async fn create(call: OperatorCall) -> Result<Response, Failure> {
    let new = read(call.members()?)?;
    let (organization, caller) = call.service.create_organization(&call.operator, new).await?;
    organizations::answer_with(&call.service, &caller, &organization).await
}

pub(in crate::api) fn read(body: Members) -> Result<NewOrganization, Failure> {
    let mut body = body.ignoring_null(&["logo_url", "users", "metadata", "account_type"]);
    let draft = OrganizationDraft {
        organization_name: body.text("organization_name"),
        logo_url: body.text("logo_url"),
        users: body.users("users").unwrap_or_default(),
        metadata: body.map("metadata"),
        account_type: body.text("account_type"),
    };
    body.finish(draft.check())
}

/// An organization to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct OrganizationCreateRequest {
    /// The name.
    #[schema(min_length = 1, max_length = 100, examples("Globex"))]
    organization_name: String,
    /// The address of a picture, http or https.
    #[schema(max_length = 2048, examples("https://globex.example/logo.png"))]
    logo_url: Option<String>,
    /// Its first members.
    users: Option<Vec<UserCreateRequest>>,
    /// Whatever its programs want to keep here.
    metadata: Option<Map<String, Value>>,
    /// Taken, and makes no difference.
    account_type: Option<AccountType>,
}
