//! The person's own account.

use leptos::prelude::*;
use model::password::Password;

use super::Answer;
#[cfg(feature = "ssr")]
use super::{answer::keep_session, caller::signed_in};

/// Replaces the person's password. All their sessions end; this browser gets a new one.
#[server(name = ChangePassword, prefix = "/console/api", endpoint = "account/change_password")]
pub async fn change_password(current: Password, new: Password) -> Answer<()> {
    let (service, caller) = signed_in().await?;
    let draft = model::session::PasswordChangeDraft { current, new };
    draft.check()?;
    let session = service.change_password(&caller, &draft).await?;
    keep_session(&session, service.now());
    leptos_axum::redirect("/account?changed=password");
    Ok(())
}
