//! Server functions that read keys.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    audit::AuditEvent,
    id::KeyId,
    key::{FoundOwner, KeyDetails, KeyOwner, KeyPage, KeyQuery},
};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// One page of the key list. An admin sees all keys of the organization, others only their own.
#[server(name = PageKeys, prefix = "/console/api", endpoint = "keys/page", input = Json)]
pub async fn page_keys(query: KeyQuery) -> FnResult<KeyPage> {
    let (service, caller) = signed_in().await?;
    Ok(service.page_keys(&caller, &query).await?)
}

#[server(name = GetKey, prefix = "/console/api", endpoint = "keys/get", input = Json)]
pub async fn get_key(key_id: KeyId) -> FnResult<KeyDetails> {
    let (service, caller) = signed_in().await?;
    Ok(service.get_key(&caller, &service::KeyRef::Id(key_id)).await?)
}

/// The audit records of a key, newest first.
#[server(name = KeyHistory, prefix = "/console/api", endpoint = "keys/history", input = Json)]
pub async fn key_history(key_id: KeyId) -> FnResult<Vec<AuditEvent>> {
    let (service, caller) = signed_in().await?;
    Ok(service.key_history(&caller, &key_id).await?)
}

/// The owners for whom a key can be created: members and, for admins, active service accounts whose name or e-mail
/// address has a word that begins with `search`. The owner that is `chosen` already is included if the caller may see
/// it.
#[server(name = FindOwners, prefix = "/console/api", endpoint = "keys/owners", input = Json)]
pub async fn find_owners(search: String, chosen: Option<KeyOwner>) -> FnResult<Vec<FoundOwner>> {
    let (service, caller) = signed_in().await?;
    Ok(service.find_owners(&caller, &search, chosen.as_ref()).await?)
}
