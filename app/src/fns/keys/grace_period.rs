//! Server functions for earlier secrets that are still valid.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::id::KeyId;
use model::key::RotateDraft;

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Ends the key's earlier secrets at once.
#[server(name = EndGrace, prefix = "/console/api", endpoint = "keys/end_grace", input = Json)]
pub async fn end_grace(key_id: KeyId) -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    Ok(service.end_grace_period(&caller, &key_id).await?)
}

/// Sets when the key's earlier secrets end. The grace period in the draft counts from now.
#[server(name = ExtendGrace, prefix = "/console/api", endpoint = "keys/extend_grace", input = Json)]
pub async fn extend_grace(key_id: KeyId, draft: RotateDraft) -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    let rotation = draft.check()?;
    Ok(service.extend_grace_period(&caller, &key_id, rotation).await?)
}
