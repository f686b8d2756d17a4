//! `POST /v1/private/organizations/add-user`: adds users to an organization.

use axum::response::Response;
use model::field::{FieldError, FieldErrors, Rule};
use model::id::OrganizationId;
use model::organization::check_users;
use model::user::{NewUser, UserDraft};

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::organizations::{self, OrganizationModelResponse};
use crate::api::users::UserCreateRequest;

#[utoipa::path(
    post,
    path = "/v1/private/organizations/add-user",
    tag = "Operator",
    operation_id = "add_user_to_organization",
    summary = "Add users to an organization",
    description = "Adds users to an organization. Either all of them are added or none. Only the operator can use this \
                   endpoint, with the token from the file in `KEYSTEAD_OPERATOR_TOKEN_FILE`. Without that setting, the \
                   endpoint does not exist.",
    request_body = AddUsersRequest,
    responses(
        (status = 200, description = "The organization.", body = OrganizationModelResponse),
        (status = 409, description = "One of these e-mail addresses already belongs to a user of the organization."),
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
pub(in crate::api) fn read(body: Members) -> Result<(String, Vec<NewUser>), Failure> {
    AddUsersRequest::checked(body, AddUsersDraft::check)
}

struct AddUsersDraft {
    organization_identifier: Option<String>,
    users: Option<Vec<UserDraft>>,
}

impl AddUsersDraft {
    fn check(self) -> Result<(String, Vec<NewUser>), FieldErrors> {
        let Self { organization_identifier: identifier, users: drafts } = self;
        let mut errors = FieldErrors::default();
        if identifier.is_none() {
            errors.push("organization_identifier", Rule::Missing, "Give the id of an organization.");
        }
        let users = check_users(drafts.as_deref().unwrap_or_default(), &mut errors);
        if drafts.is_none_or(|drafts| drafts.is_empty()) {
            errors.take::<()>("users", Err(FieldError::new(Rule::Missing, "Give at least one user.")));
        }
        errors.or(identifier.map(|identifier| (identifier, users)))
    }
}

request_body! {
    /// Users to add to an organization.
    struct AddUsersRequest for AddUsersDraft {
        /// The id of the organization.
        organization_identifier: OrganizationId = text,
        /// The users to add, at least one.
        #[schema(min_items = 1)]
        users: Vec<UserCreateRequest> = objects::<UserCreateRequest>,
    }
}
