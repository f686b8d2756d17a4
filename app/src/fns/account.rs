//! Server functions for the person's own account.

use leptos::prelude::*;
use model::password::Password;

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::signed_in;
#[cfg(feature = "ssr")]
use super::response::keep_session;
#[cfg(feature = "ssr")]
use crate::paths;

/// Replaces the person's password. All their sessions end, and this browser gets a new one.
#[server(name = ChangePassword, prefix = "/console/api", endpoint = "account/change_password")]
pub async fn change_password(current: Password, new: Password) -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    let draft = model::session::PasswordChangeDraft { current, new };
    draft.check()?;
    let session = service.change_password(&caller, &draft).await?;
    keep_session(&session, service.now());
    leptos_axum::redirect(&format!("{}?changed=password", paths::ACCOUNT));
    Ok(())
}
