//! Server functions for the setup of a new server.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::key::PlainKey;
use model::session::SetupDraft;

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::{context, service};
#[cfg(feature = "ssr")]
use super::response::keep_session;

/// The state of the setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SetupStatus {
    /// Whether this server has an organization. If so, the setup is over for good.
    pub is_set_up: bool,
    /// Whether the setup link with the given token can still be used.
    pub link_works: bool,
}

/// Finds out whether the server is set up, and whether the link with this token can still set it up.
#[cfg(feature = "ssr")]
pub(crate) async fn status(service: &service::Service, token: &str) -> service::Result<SetupStatus> {
    let is_set_up = service.is_set_up().await?;
    let link_works = !is_set_up && !token.is_empty() && service.setup_link_is_valid(token).await?;
    Ok(SetupStatus { is_set_up, link_works })
}

/// Creates the first organization and its admin, signs the admin in, and returns the secret of the admin key. The
/// secret is shown only this once.
#[server(name = CompleteSetup, prefix = "/console/api", endpoint = "setup/complete", input = Json)]
pub async fn complete_setup(token: String, draft: SetupDraft) -> FnResult<PlainKey> {
    let service = service()?;
    let done = service.set_up(&token, draft.check()?, &context()).await?;
    keep_session(&done.signed_in, service.now());
    Ok(done.admin_key.secret)
}
