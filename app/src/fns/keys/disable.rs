//! The server functions that disable and enable keys.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::id::KeyId;
use model::key::Key;

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Puts a key out of service for a time. If a `version` is given, the key must still have it.
#[server(name = DisableKey, prefix = "/console/api", endpoint = "keys/disable", input = Json)]
pub async fn disable_key(key_id: KeyId, version: Option<i64>) -> FnResult<Key> {
    let (service, caller) = signed_in().await?;
    let precondition = model::key::Precondition::seen(&key_id, version);
    Ok(service.disable_key(&caller, &key_id, &precondition).await?)
}

/// Puts a key back into service. If a `version` is given, the key must still have it.
#[server(name = EnableKey, prefix = "/console/api", endpoint = "keys/enable", input = Json)]
pub async fn enable_key(key_id: KeyId, version: Option<i64>) -> FnResult<Key> {
    let (service, caller) = signed_in().await?;
    let precondition = model::key::Precondition::seen(&key_id, version);
    Ok(service.enable_key(&caller, &key_id, &precondition).await?)
}
