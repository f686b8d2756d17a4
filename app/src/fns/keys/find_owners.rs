//! The server function that finds owners for new keys.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::key::{FoundOwner, KeyOwner};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// The owners for whom a key can be created: members and, for admins, active service accounts whose name or e-mail
/// address has a word that begins with `search`. The owner that is `chosen` already is included if the caller may see
/// it.
#[server(name = FindOwners, prefix = "/console/api", endpoint = "keys/owners", input = Json)]
pub async fn find_owners(search: String, chosen: Option<KeyOwner>) -> FnResult<Vec<FoundOwner>> {
    let (service, caller) = signed_in().await?;
    Ok(service.find_owners(&caller, &search, chosen.as_ref()).await?)
}
