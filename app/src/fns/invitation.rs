//! Server functions for invitations, the links by which members join the console.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Timestamp;
use model::id::UserId;
use model::password::Password;
#[cfg(feature = "ssr")]
use model::session::Invitation;

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::{context, service, signed_in};
#[cfg(feature = "ssr")]
use super::response::keep_session;
#[cfg(feature = "ssr")]
use crate::paths;

/// An invitation link. Anyone who has it can join. It is shown once.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InvitationLink {
    /// The path and query of the link, to append to the console's own address.
    pub path: String,
    /// The moment from which the link is refused.
    pub ends_at: Timestamp,
}

/// What the page of an invitation shows before the invitation is accepted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShownInvitation {
    /// The name of the organization that invites.
    pub organization: String,
    /// The invited e-mail address.
    pub email: String,
    /// The name of the invited person in that organization.
    pub user_name: String,
    /// Whether the person has joined already, and chooses a new password by the link.
    pub has_joined: bool,
    /// The organization that the person is signed in to, if they are signed in with the invited address and have not
    /// joined yet. They can then join with one click. Everybody else sees the same page for every address, so the page
    /// does not reveal which addresses have accounts.
    pub signed_in_to: Option<String>,
    /// When the link ends, as text. A timestamp would need code that parses it, on a page that should load fast.
    pub ends_at: String,
}

/// What the page of the invitation with this token shows.
#[cfg(feature = "ssr")]
pub(crate) async fn shown(
    service: &service::Service,
    parts: &http::request::Parts,
    token: &str,
) -> service::Result<ShownInvitation> {
    let Invitation { organization, email, user_name, has_joined, expires_at } =
        service.invitation(token).await?;
    let me = super::caller::person(service, parts).await.ok();
    let me = me.filter(|me| !has_joined && me.email.folded() == email.folded());
    let signed_in_to = me.map(|me| me.organization.name);
    let (email, ends_at) = (email.to_string(), expires_at.to_text());
    Ok(ShownInvitation { organization, email, user_name, has_joined, signed_in_to, ends_at })
}

/// Accepts an invitation with a new password, and signs the person in.
#[server(name = AcceptInvitation, prefix = "/console/api", endpoint = "invitation/accept")]
pub async fn accept_invitation(token: String, password: Password) -> FnResult<()> {
    let service = service()?;
    let session = service.accept_invitation(&token, &password, &context()).await?;
    keep_session(&session, service.now());
    leptos_axum::redirect(paths::KEYS);
    Ok(())
}

/// Accepts an invitation to one more organization with the account that is signed in, and switches to that
/// organization.
#[server(name = JoinInvitation, prefix = "/console/api", endpoint = "invitation/join")]
pub async fn join_invitation(token: String) -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    service.join_by_invitation(&caller, &token).await?;
    leptos_axum::redirect(paths::KEYS);
    Ok(())
}

/// Creates an invitation for a member, by which they choose a new password if they have joined already. Their earlier
/// links stop working.
#[server(name = CreateInvitation, prefix = "/console/api", endpoint = "invitation/create", input = Json)]
pub async fn create_invitation(user_id: UserId) -> FnResult<InvitationLink> {
    let (service, caller) = signed_in().await?;
    let (token, ends_at) = service.create_invitation(&caller, &user_id).await?;
    Ok(InvitationLink { path: paths::with_token(paths::INVITATION, token.reveal()), ends_at })
}
