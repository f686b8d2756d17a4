//! `PATCH /v1/private/organizations/{organization_id}`

use axum::response::Response;
use model::field::FieldErrors;
use model::organization::AccountType;

use crate::api::call::OperatorCall;
use crate::api::failure::Failure;
use crate::api::organizations;

/// Changes what the body names, as the organization's own admin would. A plan is taken and makes no difference.
pub(in crate::api) async fn update(call: OperatorCall) -> Result<Response, Failure> {
    let mut body =
        call.members()?.ignoring_null(organizations::IGNORING_NULL).ignoring_null(&["account_type"]);
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
    let patch = body.finish(checked)?;
    let caller = call.caller().await?;
    let organization = call.service.update_organization(&caller, patch).await?;
    organizations::answer_with(&call.service, &caller, &organization).await
}
