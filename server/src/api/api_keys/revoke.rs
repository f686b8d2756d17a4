//! `DELETE /v1/api-keys/{id}`

use axum::response::Response;

use crate::api::call::Call;
use crate::api::envelope;
use crate::api::failure::Failure;

/// Ends a key for good. Its record stays.
pub(in crate::api) async fn revoke(call: Call) -> Result<Response, Failure> {
    let (key, basis) = (call.key_by_id()?, call.basis()?);
    call.service.revoke_key(&call.caller, &key, String::new(), &basis).await?;
    Ok(envelope::done(&call))
}
