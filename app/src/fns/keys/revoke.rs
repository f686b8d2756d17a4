//! The server function that revokes keys.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::id::KeyId;
use model::key::{Key, RevokeDraft};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Ends a key and all its secrets for good. If a `version` is given, the key must still have it.
#[server(name = RevokeKey, prefix = "/console/api", endpoint = "keys/revoke", input = Json)]
pub async fn revoke_key(key_id: KeyId, draft: RevokeDraft, version: Option<i64>) -> FnResult<Key> {
    let (service, caller) = signed_in().await?;
    let reason = draft.check()?;
    let precondition = model::key::Precondition::seen(&key_id, version);
    Ok(service.revoke_key(&caller, &service::KeyRef::Id(key_id), reason, &precondition).await?)
}
