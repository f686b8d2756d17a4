//! The operator's links for a new password.

use leptos::prelude::*;
use model::password::Password;

use super::Answer;
#[cfg(feature = "ssr")]
use super::{
    answer::keep_session,
    caller::{origin, service},
};

/// What a link for a new password shows before it is used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShownReset {
    /// Whose password it replaces.
    pub email: String,
    /// When the link ends, in words.
    pub ends_at: String,
}

/// What the link at hand is for.
#[cfg(feature = "ssr")]
pub(crate) async fn shown(service: &service::Service, token: &str) -> service::Result<ShownReset> {
    let service::Reset { email, expires_at } = service.reset(token).await?;
    Ok(ShownReset { email: email.to_string(), ends_at: expires_at.to_text() })
}

/// Gives the person a new password and signs them in. Their other sessions end.
#[server(name = ResetPassword, prefix = "/console/api", endpoint = "account/reset_password")]
pub async fn reset_password(token: String, password: Password) -> Answer<()> {
    let service = service()?;
    let session = service.reset_password(&token, &password, &origin()).await?;
    keep_session(&session, service.now());
    leptos_axum::redirect("/keys");
    Ok(())
}
