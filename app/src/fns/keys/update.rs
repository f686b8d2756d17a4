//! The server function that changes keys.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::id::KeyId;
use model::key::{Key, KeyPatchDraft};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Changes a key. If a `version` is given, the key must still have it.
#[server(name = UpdateKey, prefix = "/console/api", endpoint = "keys/update", input = Json)]
pub async fn update_key(key_id: KeyId, draft: KeyPatchDraft, version: Option<i64>) -> FnResult<Key> {
    let (service, caller) = signed_in().await?;
    let patch = draft.check(service.now())?;
    let precondition = model::key::Precondition::seen(&key_id, version);
    Ok(service.update_key(&caller, &service::KeyRef::Id(key_id), patch, &precondition).await?)
}
