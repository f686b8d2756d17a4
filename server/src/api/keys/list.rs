//! `GET /v1/organizations/users/{user_email}/api-keys`: lists the keys of a user.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::APIKeyModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

/// The keys of a user. This is an object, because the published client cannot read a list here.
#[derive(Serialize, ToSchema)]
struct APIKeyList<'a> {
    /// The keys, newest first.
    results: Vec<APIKeyModel<'a>>,
    /// Number of keys in `results`.
    #[schema(examples(1))]
    total: usize,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/users/{user_email}/api-keys",
    tag = "API keys",
    operation_id = "list_keys_organizations_users_email",
    summary = "List a user's keys",
    description = "Lists the active keys of a user, newest first and without their secrets. With `include_revoked`, \
                   revoked and expired keys are included. A key without the permission `admin` can list only the keys of \
                   its own user.",
    params(
        ("include_revoked" = Option<bool>, Query, description = "Whether to include revoked and expired keys."),
    ),
    responses((status = 200, description = "The keys.", body = APIKeyList)),
)]
pub(in crate::api) async fn list(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let include_revoked = query.flag("include_revoked");
    query.finish()?;
    let keys = call.service.list_keys_of_user(&call.caller, &call.user(), include_revoked).await?;
    let now = call.service.now();
    let results = keys.iter().map(|key| APIKeyModel::of(key, now)).collect();
    Ok(response::ok(APIKeyList { results, total: keys.len() }))
}
