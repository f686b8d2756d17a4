//! The server function that lists keys.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::key::{KeyPage, KeyQuery};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// One page of the key list. An admin sees all keys of the organization, others only their own.
#[server(name = PageKeys, prefix = "/console/api", endpoint = "keys/page", input = Json)]
pub async fn page_keys(query: KeyQuery) -> FnResult<KeyPage> {
    let (service, caller) = signed_in().await?;
    Ok(service.page_keys(&caller, &query).await?)
}
