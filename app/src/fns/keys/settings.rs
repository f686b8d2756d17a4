//! What this server was told about keys.

use leptos::{prelude::*, server_fn::codec::Json};

use crate::fns::Answer;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Settings of this server that pages show. The server puts them into the context.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeySettings {
    /// What new secrets begin with.
    pub key_prefix: String,
    /// Requests per 60 seconds of a key without a limit of its own.
    pub rate_limit_default: u32,
    /// The most keys that work or can work again, in one organization.
    pub keys_per_organization_max: u64,
    /// Where the REST API is reached: scheme, host and port, without a slash at the end.
    pub server_url: String,
}

/// The settings, for everybody who is signed in.
#[server(name = GetKeySettings, prefix = "/console/api", endpoint = "keys/settings", input = Json)]
pub async fn key_settings() -> Answer<KeySettings> {
    signed_in().await?;
    use_context::<KeySettings>().ok_or_else(|| {
        model::problem::Problem::new(model::problem::Code::Internal, "The server failed.").into()
    })
}
