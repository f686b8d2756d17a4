//! Server functions for signing in and out, and for the caller's own sessions.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::id::{OrganizationId, SessionId};
use model::password::Password;
use model::session::SessionInfo;

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::{context, service, signed_in};
#[cfg(feature = "ssr")]
use super::response::{forget_session, keep_session};
#[cfg(feature = "ssr")]
use crate::next::page_after_sign_in;
#[cfg(feature = "ssr")]
use crate::paths;

/// Signs a person in, and redirects to the page they asked for.
#[server(name = SignIn, prefix = "/console/api", endpoint = "session/sign_in")]
pub async fn sign_in(email: String, password: Password, next: Option<String>) -> FnResult<()> {
    let service = service()?;
    let session = service.sign_in(&email, &password, &context()).await?;
    keep_session(&session, service.now());
    leptos_axum::redirect(page_after_sign_in(next.as_deref()));
    Ok(())
}

/// Ends the session on the server, and redirects to the sign-in page. The cookie is removed and the redirect is sent
/// even if the session has ended already.
#[server(name = SignOut, prefix = "/console/api", endpoint = "session/sign_out")]
pub async fn sign_out() -> FnResult<()> {
    let ended = match signed_in().await {
        Ok((service, caller)) => service.sign_out(&caller).await.map_err(Into::into),
        Err(error) => Err(error),
    };
    forget_session();
    leptos_axum::redirect(paths::LOGIN);
    ended
}

/// Switches the session to another of the person's organizations.
#[server(name = SwitchOrganization, prefix = "/console/api", endpoint = "session/switch")]
pub async fn switch_organization(organization_id: OrganizationId) -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    service.switch_organization(&caller, &organization_id).await?;
    leptos_axum::redirect(paths::KEYS);
    Ok(())
}

/// The caller's own sessions.
#[server(name = ListSessions, prefix = "/console/api", endpoint = "session/list", input = Json)]
pub async fn list_sessions() -> FnResult<Vec<SessionInfo>> {
    let (service, caller) = signed_in().await?;
    Ok(service.list_sessions(&caller).await?)
}

/// Ends one of the caller's own sessions.
#[server(name = EndSession, prefix = "/console/api", endpoint = "session/end")]
pub async fn end_session(session_id: SessionId) -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    Ok(service.end_session(&caller, &session_id).await?)
}

/// Ends all of the caller's own sessions except the current one.
#[server(name = EndOtherSessions, prefix = "/console/api", endpoint = "session/end_others")]
pub async fn end_other_sessions() -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    Ok(service.end_other_sessions(&caller).await?)
}
