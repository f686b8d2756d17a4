//! Changing keys.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    id::KeyId,
    key::{Key, KeyPatchDraft},
};

use crate::fns::Answer;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Changes a key, unless it is no longer of the version that the person saw.
#[server(name = UpdateKey, prefix = "/console/api", endpoint = "keys/update", input = Json)]
pub async fn update_key(key_id: KeyId, draft: KeyPatchDraft, version: Option<i64>) -> Answer<Key> {
    let (service, caller) = signed_in().await?;
    let patch = draft.check(service.now())?;
    let basis = model::key::Basis::seen(&key_id, version);
    Ok(service.update_key(&caller, &service::KeyRef::Id(key_id), patch, &basis).await?)
}

/// Puts a key out of service for a time, if it is still of the version that the person saw.
#[server(name = DisableKey, prefix = "/console/api", endpoint = "keys/disable", input = Json)]
pub async fn disable_key(key_id: KeyId, version: Option<i64>) -> Answer<Key> {
    let (service, caller) = signed_in().await?;
    let basis = model::key::Basis::seen(&key_id, version);
    Ok(service.disable_key(&caller, &key_id, &basis).await?)
}

/// Puts a key back into service, if it is still of the version that the person saw.
#[server(name = EnableKey, prefix = "/console/api", endpoint = "keys/enable", input = Json)]
pub async fn enable_key(key_id: KeyId, version: Option<i64>) -> Answer<Key> {
    let (service, caller) = signed_in().await?;
    let basis = model::key::Basis::seen(&key_id, version);
    Ok(service.enable_key(&caller, &key_id, &basis).await?)
}
