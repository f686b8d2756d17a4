//! The server function that creates keys. Its response contains the secret, which is shown only there. So it must be
//! called by an action and never by a resource, because the values of resources are written into the page.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::key::{CreatedKey, KeyDraft, KeyOwner};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;
#[cfg(feature = "ssr")]
use service::Owner;

/// Creates a key. If no owner is given, the caller is the owner.
#[server(name = CreateKey, prefix = "/console/api", endpoint = "keys/create", input = Json)]
pub async fn create_key(owner: Option<KeyOwner>, draft: KeyDraft) -> FnResult<CreatedKey> {
    let (service, caller) = signed_in().await?;
    let new = draft.check(service.now())?;
    Ok(service.create_key(&caller, &owner.map_or(Owner::Caller, Owner::from), new).await?)
}
