//! Signing in and out, and the own sessions.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    id::{OrganizationId, SessionId},
    password::Password,
    session::SessionInfo,
};

use super::Answer;
#[cfg(feature = "ssr")]
use super::{
    answer::{forget_session, keep_session},
    caller::{origin, service, signed_in},
};
#[cfg(feature = "ssr")]
use crate::next::page_after_sign_in;

/// Signs a person in and leads to the page they wanted.
#[server(name = SignIn, prefix = "/console/api", endpoint = "session/sign_in")]
pub async fn sign_in(email: String, password: Password, next: Option<String>) -> Answer<()> {
    let service = service()?;
    let session = service.sign_in(&email, &password, &origin()).await?;
    keep_session(&session, service.now());
    leptos_axum::redirect(page_after_sign_in(next.as_deref()));
    Ok(())
}

/// Ends the session on the server and leads to the sign-in page. Signing out twice is no mistake.
#[server(name = SignOut, prefix = "/console/api", endpoint = "session/sign_out")]
pub async fn sign_out() -> Answer<()> {
    let ended = match signed_in().await {
        Ok((service, caller)) => service.sign_out(&caller).await.map_err(Into::into),
        Err(error) => Err(error),
    };
    forget_session();
    leptos_axum::redirect("/login");
    ended
}

/// Acts on behalf of another of the person's organizations from now on.
#[server(name = SwitchOrganization, prefix = "/console/api", endpoint = "session/switch")]
pub async fn switch_organization(organization_id: OrganizationId) -> Answer<()> {
    let (service, caller) = signed_in().await?;
    service.switch_organization(&caller, &organization_id).await?;
    leptos_axum::redirect("/keys");
    Ok(())
}

/// The person's own sessions.
#[server(name = ListSessions, prefix = "/console/api", endpoint = "session/list", input = Json)]
pub async fn list_sessions() -> Answer<Vec<SessionInfo>> {
    let (service, caller) = signed_in().await?;
    Ok(service.list_sessions(&caller).await?)
}

/// Ends one of the person's own sessions.
#[server(name = EndSession, prefix = "/console/api", endpoint = "session/end")]
pub async fn end_session(session_id: SessionId) -> Answer<()> {
    let (service, caller) = signed_in().await?;
    Ok(service.end_session(&caller, &session_id).await?)
}

/// Ends all of the person's own sessions but the one that asks.
#[server(name = EndOtherSessions, prefix = "/console/api", endpoint = "session/end_others")]
pub async fn end_other_sessions() -> Answer<()> {
    let (service, caller) = signed_in().await?;
    Ok(service.end_other_sessions(&caller).await?)
}
