//! `POST /v1/private/organizations`: creates an organization.

use axum::response::Response;
use model::organization::{AccountType, NewOrganization, OrganizationDraft};
use serde_json::{Map, Value};

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::organizations::{self, OrganizationModelResponse};
use crate::api::users::UserCreateRequest;

#[utoipa::path(
    post,
    path = "/v1/private/organizations",
    tag = "Operator",
    operation_id = "create_organization",
    summary = "Create an organization",
    description = "Creates an organization with its first users. If the first user has no role in the request, they become \
                   an admin. Only the operator can use this endpoint, with the token from the file in \
                   `KEYSTEAD_OPERATOR_TOKEN_FILE`. Without that setting, the endpoint does not exist.",
    request_body = OrganizationCreateRequest,
    responses(
        (status = 200, description = "The organization.", body = OrganizationModelResponse),
        (status = 409, description = "Two of the users have the same e-mail address."),
    ),
)]
pub(in crate::api) async fn create(call: OperatorCall) -> Result<Response, Failure> {
    let new = read(call.members()?)?;
    let (organization, caller) = call.service.create_organization(&call.operator, new).await?;
    organizations::answer_with(&call.service, &caller, &organization).await
}

pub(in crate::api) fn read(body: Members) -> Result<NewOrganization, Failure> {
    OrganizationCreateRequest::checked(body, |draft| draft.check())
}

request_body! {
    /// An organization to create.
    struct OrganizationCreateRequest for OrganizationDraft {
        /// The name.
        #[schema(min_length = 1, max_length = 100, examples("Globex"))]
        organization_name: String = text,
        /// The URL of a picture, with http or https.
        #[schema(max_length = 2048, examples("https://globex.example/logo.png"))]
        logo_url: Option<String> = text or null,
        /// The first users of the organization.
        users: Option<Vec<UserCreateRequest>> = objects_if_any::<UserCreateRequest> or null,
        /// Any data that your programs want to store.
        metadata: Option<Map<String, Value>> = map or null,
        /// Accepted, but makes no difference.
        account_type: Option<AccountType> = text or null,
    }
}
