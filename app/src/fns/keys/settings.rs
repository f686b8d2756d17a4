//! The server's settings that concern keys.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::fns::FnResult;
#[cfg(feature = "ssr")]
use crate::fns::caller::signed_in;

/// The URL at which this server is reached from outside: scheme, host and port, without a slash at the end. The server
/// provides it in the context.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerUrl(pub String);

/// The settings that pages show.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeySettings {
    /// The beginning of every new secret.
    pub key_prefix: String,
    /// How many requests per 60 seconds a key without a limit of its own may make.
    pub rate_limit_default: u32,
    /// How many keys an organization may have at most. Revoked and expired keys do not count.
    pub keys_per_organization_max: u64,
    /// The URL of the REST API: scheme, host and port, without a slash at the end.
    pub server_url: String,
}

/// The settings. Every signed-in user may read them.
#[server(name = GetKeySettings, prefix = "/console/api", endpoint = "keys/settings", input = Json)]
pub async fn key_settings() -> FnResult<KeySettings> {
    let (service, _) = signed_in().await?;
    let settings = service.settings();
    Ok(KeySettings {
        key_prefix: settings.key_prefix.as_str().to_owned(),
        rate_limit_default: settings.rate_limit_default,
        keys_per_organization_max: settings.keys_per_organization_max,
        server_url: use_context::<ServerUrl>().unwrap_or_default().0,
    })
}
