//! `GET /v1/api-keys/{id}`: returns one key.

use axum::response::Response;

use super::dto::ApiKey;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::{envelope, response};

#[utoipa::path(
    get,
    path = "/v1/api-keys/{id}",
    tag = "Keys by id",
    operation_id = "get_api_key",
    summary = "Get a key",
    description = "Returns a key, even if it is revoked or expired.",
    responses((status = 200, description = "The key.", body = ApiKey)),
)]
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let details = call.service.get_key(&call.caller, &call.key_by_id()?).await?;
    Ok(response::tagged(envelope::ok(&call, ApiKey::from(&details.key)), &details.key))
}
