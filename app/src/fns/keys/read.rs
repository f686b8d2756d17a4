//! Looking at keys.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    audit::AuditEvent,
    id::KeyId,
    key::{FoundOwner, KeyDetails, KeyOwner, KeyPage, KeyQuery},
};

use crate::fns::Answer;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// One page of the list. An admin sees all keys, others their own.
#[server(name = PageKeys, prefix = "/console/api", endpoint = "keys/page", input = Json)]
pub async fn page_keys(query: KeyQuery) -> Answer<KeyPage> {
    let (service, caller) = signed_in().await?;
    Ok(service.page_keys(&caller, &query).await?)
}

/// One key with all its facts.
#[server(name = GetKey, prefix = "/console/api", endpoint = "keys/get", input = Json)]
pub async fn get_key(key_id: KeyId) -> Answer<KeyDetails> {
    let (service, caller) = signed_in().await?;
    Ok(service.get_key(&caller, &service::KeyRef::Id(key_id)).await?)
}

/// What happened to a key, newest first.
#[server(name = KeyHistory, prefix = "/console/api", endpoint = "keys/history", input = Json)]
pub async fn key_history(key_id: KeyId) -> Answer<Vec<AuditEvent>> {
    let (service, caller) = signed_in().await?;
    Ok(service.key_history(&caller, &key_id).await?)
}

/// Whom keys can be made for: members and, for admins, service accounts, whose name or e-mail has a word that begins with
/// the text; and the one chosen before.
#[server(name = FindOwners, prefix = "/console/api", endpoint = "keys/owners", input = Json)]
pub async fn find_owners(search: String, chosen: Option<KeyOwner>) -> Answer<Vec<FoundOwner>> {
    let (service, caller) = signed_in().await?;
    Ok(service.find_owners(&caller, &search, chosen.as_ref()).await?)
}
