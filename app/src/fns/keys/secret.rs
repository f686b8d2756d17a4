//! Making secrets. Their answers are the only place where a secret is ever shown, so they belong to actions and never to
//! resources, which are written into the page.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    id::KeyId,
    key::{CreatedKey, KeyDraft, KeyOwner, RotateDraft},
};

use crate::fns::Answer;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;
#[cfg(feature = "ssr")]
use service::{KeyRef, Owner};

/// Makes a key, for the caller when no owner is named.
#[server(name = CreateKey, prefix = "/console/api", endpoint = "keys/create", input = Json)]
pub async fn create_key(owner: Option<KeyOwner>, draft: KeyDraft) -> Answer<CreatedKey> {
    let (service, caller) = signed_in().await?;
    let new = draft.check(service.now())?;
    Ok(service.create_key(&caller, &owner.map_or(Owner::Caller, Owner::from), new).await?)
}

/// Replaces a key's secret, if it is still of the version that the person saw.
#[server(name = RotateKey, prefix = "/console/api", endpoint = "keys/rotate", input = Json)]
pub async fn rotate_key(key_id: KeyId, draft: RotateDraft, version: Option<i64>) -> Answer<CreatedKey> {
    let (service, caller) = signed_in().await?;
    let rotation = draft.check()?;
    let basis = model::key::Basis::seen(&key_id, version);
    Ok(service.rotate_key(&caller, &KeyRef::Id(key_id), rotation, &basis).await?)
}
