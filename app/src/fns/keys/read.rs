//! Looking at keys.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    audit::AuditEvent,
    id::KeyId,
    key::{KeyDetails, KeyPage, KeyQuery},
    user::User,
};

use crate::fns::Answer;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// How many members the owner picker offers at once.
pub const OWNERS_MAX: u32 = 20;

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

/// Members whose name or e-mail begins with the text, for choosing a key's owner.
#[server(name = FindOwners, prefix = "/console/api", endpoint = "keys/owners", input = Json)]
pub async fn find_owners(search: String) -> Answer<Vec<User>> {
    let (service, caller) = signed_in().await?;
    let filter = model::user::UserFilter { search, ..Default::default() };
    Ok(service.list_users(&caller, &filter, 0, OWNERS_MAX).await?.users)
}
