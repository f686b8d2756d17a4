//! Ending keys.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    id::KeyId,
    key::{Key, RevokeDraft},
};

use crate::fns::Answer;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Ends a key for good, with all its secrets, if it is still of the version that the person saw.
#[server(name = RevokeKey, prefix = "/console/api", endpoint = "keys/revoke", input = Json)]
pub async fn revoke_key(key_id: KeyId, draft: RevokeDraft, version: Option<i64>) -> Answer<Key> {
    let (service, caller) = signed_in().await?;
    let reason = draft.check()?;
    let basis = model::key::Basis::seen(&key_id, version);
    Ok(service.revoke_key(&caller, &service::KeyRef::Id(key_id), reason, &basis).await?)
}
