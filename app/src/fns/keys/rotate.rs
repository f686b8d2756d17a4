//! The server function that rotates keys. Its response contains the new secret, which is shown only there. So it must
//! be called by an action and never by a resource, because the values of resources are written into the page.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::id::KeyId;
use model::key::{CreatedKey, RotateDraft};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;
#[cfg(feature = "ssr")]
use service::KeyRef;

/// Replaces a key's secret. If a `version` is given, the key must still have it.
#[server(name = RotateKey, prefix = "/console/api", endpoint = "keys/rotate", input = Json)]
pub async fn rotate_key(key_id: KeyId, draft: RotateDraft, version: Option<i64>) -> FnResult<CreatedKey> {
    let (service, caller) = signed_in().await?;
    let rotation = draft.check()?;
    let precondition = model::key::Precondition::seen(&key_id, version);
    Ok(service.rotate_key(&caller, &KeyRef::Id(key_id), rotation, &precondition).await?)
}
