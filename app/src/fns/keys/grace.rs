//! Earlier secrets that are still valid.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{id::KeyId, key::RotateDraft};

use crate::fns::Answer;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Refuses the key's earlier secrets from now on.
#[server(name = EndGrace, prefix = "/console/api", endpoint = "keys/end_grace", input = Json)]
pub async fn end_grace(key_id: KeyId) -> Answer<()> {
    let (service, caller) = signed_in().await?;
    Ok(service.end_grace(&caller, &key_id).await?)
}

/// Keeps the key's earlier secret valid for so long, counted from now.
#[server(name = ExtendGrace, prefix = "/console/api", endpoint = "keys/extend_grace", input = Json)]
pub async fn extend_grace(key_id: KeyId, draft: RotateDraft) -> Answer<()> {
    let (service, caller) = signed_in().await?;
    let rotation = draft.check()?;
    Ok(service.extend_grace(&caller, &key_id, rotation).await?)
}
