//! Server functions for password reset links, which the operator creates.

use leptos::prelude::*;
use model::password::Password;

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::{context, service};
#[cfg(feature = "ssr")]
use super::response::keep_session;
#[cfg(feature = "ssr")]
use crate::paths;

/// What the page of a password reset link shows before the link is used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShownReset {
    /// The e-mail address of the account.
    pub email: String,
    /// When the link ends, as text.
    pub ends_at: String,
}

/// What the page of the link with this token shows.
#[cfg(feature = "ssr")]
pub(crate) async fn shown(service: &service::Service, token: &str) -> service::Result<ShownReset> {
    let service::Reset { email, expires_at } = service.reset(token).await?;
    Ok(ShownReset { email: email.to_string(), ends_at: expires_at.to_text() })
}

/// Sets a new password and signs the person in. Their other sessions end.
#[server(name = ResetPassword, prefix = "/console/api", endpoint = "account/reset_password")]
pub async fn reset_password(token: String, password: Password) -> FnResult<()> {
    let service = service()?;
    let session = service.reset_password(&token, &password, &context()).await?;
    keep_session(&session, service.now());
    leptos_axum::redirect(paths::KEYS);
    Ok(())
}
