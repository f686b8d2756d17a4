//! The server function that lists keys.

use leptos::{prelude::*, server_fn::codec::Json};
use model::key::{KeyPage, KeyQuery};

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;
#[cfg(feature = "ssr")]
use model::{
    field::{FieldErrors, Rule},
    metadata::METADATA_FILTERS_MAX,
};

/// One page of the key list. An admin sees all keys of the organization, others only their own.
#[server(name = PageKeys, prefix = "/console/api", endpoint = "keys/page", input = Json)]
pub async fn page_keys(query: KeyQuery) -> FnResult<KeyPage> {
    let (service, caller) = signed_in().await?;
    if query.filter.metadata.len() > METADATA_FILTERS_MAX {
        let message = format!("Filter by at most {METADATA_FILTERS_MAX} members of metadata.");
        return Err(FieldErrors::one("metadata", Rule::ValueError, message).into());
    }
    Ok(service.page_keys(&caller, &query).await?)
}
