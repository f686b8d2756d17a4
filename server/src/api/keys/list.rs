//! `GET /v1/organizations/users/{user_email}/api-keys`

use axum::response::Response;
use serde::Serialize;

use super::shape::APIKeyModel;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// An object, because the published client cannot read a list here.
#[derive(Serialize)]
struct APIKeyList<'a> {
    results: Vec<APIKeyModel<'a>>,
    total: usize,
}

/// Lists a user's keys: active ones, or all.
pub(in crate::api) async fn list(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let include_revoked = query.flag("include_revoked");
    query.finish()?;
    let keys = call.service.list_keys_of_user(&call.caller, &call.user(), include_revoked).await?;
    let now = call.service.now();
    let results = keys.iter().map(|key| APIKeyModel::of(key, now)).collect();
    Ok(answer::ok(APIKeyList { results, total: keys.len() }))
}
