//! `GET /v1/api-keys/{id}`

use axum::response::Response;

use super::shape::ApiKey;
use crate::api::call::Call;
use crate::api::failure::Failure;
use crate::api::{answer, envelope};

/// Shows a key, also one that has ended.
pub(in crate::api) async fn get(call: Call) -> Result<Response, Failure> {
    let details = call.service.get_key(&call.caller, &call.key_by_id()?).await?;
    Ok(answer::tagged(envelope::ok(&call, ApiKey::from(&details.key)), &details.key))
}
