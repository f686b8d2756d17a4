//! The server functions that read one key.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::audit::AuditEvent;
use model::id::KeyId;
use model::key::KeyDetails;

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

#[server(name = GetKey, prefix = "/console/api", endpoint = "keys/get", input = Json)]
pub async fn get_key(key_id: KeyId) -> FnResult<KeyDetails> {
    let (service, caller) = signed_in().await?;
    Ok(service.get_key(&caller, &service::KeyRef::Id(key_id)).await?)
}

/// The audit records of a key, newest first.
#[server(name = KeyHistory, prefix = "/console/api", endpoint = "keys/history", input = Json)]
pub async fn key_history(key_id: KeyId) -> FnResult<Vec<AuditEvent>> {
    let (service, caller) = signed_in().await?;
    Ok(service.key_history(&caller, &key_id).await?)
}
