//! `POST /v1/private/organizations/add-user`: adds users to an organization.

use axum::response::Response;
use model::field::{FieldError, FieldErrors, Rule};
use model::id::OrganizationId;
use model::organization::check_users;
use model::user::NewUser;
use utoipa::ToSchema;

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::Members;
use crate::api::organizations::{self, OrganizationModelResponse};
use crate::api::users::UserCreateRequest;

#[utoipa::path(
    post,
    path = "/v1/private/organizations/add-user",
    tag = "Operator",
    operation_id = "add_user_to_organization",
    summary = "Add users to an organization",
    description = "Adds members to the organization that the body names: all of them or none. For the operator alone, \
                  by the token in the file that `KEYSTEAD_OPERATOR_TOKEN_FILE` names; without one there is nothing at \
                  this address.",
    request_body = AddUsersRequest,
    responses(
        (status = 200, description = "The organization.", body = OrganizationModelResponse),
        (status = 409, description = "There is a member with one of these e-mails."),
    ),
)]
pub(in crate::api) async fn add_users(call: OperatorCall) -> Result<Response, Failure> {
    let (identifier, users) = read(call.members()?)?;
    let caller = call.service.operate_on(&call.operator, &identifier).await?;
    call.service.add_users(&caller, users).await?;
    let organization = call.service.get_organization(&caller).await?;
    organizations::answer_with(&call.service, &caller, &organization).await
}

/// Reads and validates the body. Returns the organization's id as it was sent, and the new users.
pub(in crate::api) fn read(mut body: Members) -> Result<(String, Vec<NewUser>), Failure> {
    let mut errors = FieldErrors::default();
    let identifier = body.text("organization_identifier");
    if identifier.is_none() {
        errors.push("organization_identifier", Rule::Missing, "Give an organization's id.");
    }
    let drafts = body.users("users");
    let users = check_users(drafts.as_deref().unwrap_or_default(), &mut errors);
    if drafts.is_none_or(|drafts| drafts.is_empty()) {
        errors.take::<()>("users", Err(FieldError::new(Rule::Missing, "Give at least one user.")));
    }
    body.finish(errors.or(identifier.map(|identifier| (identifier, users))))
}

/// Members to be added.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct AddUsersRequest {
    /// The organization's id.
    organization_identifier: OrganizationId,
    /// The members, at least one.
    #[schema(min_items = 1)]
    users: Vec<UserCreateRequest>,
}
