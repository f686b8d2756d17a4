//! What this server was told about keys.

use leptos::{prelude::*, server_fn::codec::Json};

use crate::fns::Answer;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// Where this server is reached from outside: scheme, host and port, without a slash at the end. The server puts it into
/// the context.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerUrl(pub String);

/// Settings of this server that pages show.
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
    let (service, _) = signed_in().await?;
    let settings = service.settings();
    Ok(KeySettings {
        key_prefix: settings.key_prefix.as_str().to_owned(),
        rate_limit_default: settings.rate_limit_default,
        keys_per_organization_max: settings.keys_per_organization_max,
        server_url: use_context::<ServerUrl>().unwrap_or_default().0,
    })
}
