//! Server functions that create secrets. Their responses are the only place where a secret is shown. They must be
//! called by actions and never by resources, because the values of resources are written into the page.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    id::KeyId,
    key::{CreatedKey, KeyDraft, KeyOwner, RotateDraft},
};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;
#[cfg(feature = "ssr")]
use service::{KeyRef, Owner};

/// Creates a key. If no owner is given, the caller is the owner.
#[server(name = CreateKey, prefix = "/console/api", endpoint = "keys/create", input = Json)]
pub async fn create_key(owner: Option<KeyOwner>, draft: KeyDraft) -> FnResult<CreatedKey> {
    let (service, caller) = signed_in().await?;
    let new = draft.check(service.now())?;
    Ok(service.create_key(&caller, &owner.map_or(Owner::Caller, Owner::from), new).await?)
}

/// Replaces a key's secret. If a `version` is given, the key must still have it.
#[server(name = RotateKey, prefix = "/console/api", endpoint = "keys/rotate", input = Json)]
pub async fn rotate_key(key_id: KeyId, draft: RotateDraft, version: Option<i64>) -> FnResult<CreatedKey> {
    let (service, caller) = signed_in().await?;
    let rotation = draft.check()?;
    let precondition = model::key::Precondition::seen(&key_id, version);
    Ok(service.rotate_key(&caller, &KeyRef::Id(key_id), rotation, &precondition).await?)
}
