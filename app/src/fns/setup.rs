//! The first run.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{key::PlainKey, session::SetupDraft};

use super::Answer;
#[cfg(feature = "ssr")]
use super::{
    answer::keep_session,
    caller::{origin, service},
};

/// How far the first run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SetupStatus {
    /// Whether this server has an organization: the first run is over for good.
    pub is_set_up: bool,
    /// Whether the link at hand can still be used.
    pub link_works: bool,
}

/// Says whether the server is set up, and whether the link would do it.
#[cfg(feature = "ssr")]
pub(crate) async fn status(service: &service::Service, token: &str) -> service::Result<SetupStatus> {
    let is_set_up = service.is_set_up().await?;
    let link_works = !is_set_up && !token.is_empty() && service.setup_link_is_valid(token).await?;
    Ok(SetupStatus { is_set_up, link_works })
}

/// Makes the first organization and its admin, signs them in, and gives the secret of the admin key: the only time it
/// is shown.
#[server(name = CompleteSetup, prefix = "/console/api", endpoint = "setup/complete", input = Json)]
pub async fn complete_setup(token: String, draft: SetupDraft) -> Answer<PlainKey> {
    let service = service()?;
    let done = service.set_up(&token, draft.check()?, &origin()).await?;
    keep_session(&done.signed_in, service.now());
    Ok(done.admin_key.secret)
}
