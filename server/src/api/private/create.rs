//! `POST /v1/private/organizations`

use axum::response::Response;
use model::organization::OrganizationDraft;

use crate::api::call::OperatorCall;
use crate::api::failure::Failure;
use crate::api::organizations;

/// Makes an organization with its first members.
pub(in crate::api) async fn create(call: OperatorCall) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(&["logo_url", "users", "metadata", "account_type"]);
    let draft = OrganizationDraft {
        organization_name: body.text("organization_name"),
        logo_url: body.text("logo_url"),
        users: body.users("users").unwrap_or_default(),
        metadata: body.map("metadata"),
        account_type: body.text("account_type"),
    };
    let new = body.finish(draft.check())?;
    let (organization, caller) = call.service.create_organization(&call.operator, new).await?;
    organizations::answer_with(&call.service, &caller, &organization).await
}
