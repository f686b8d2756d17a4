//! Links by which members join the console.

use leptos::{prelude::*, server_fn::codec::Json};
#[cfg(feature = "ssr")]
use model::session::Invitation;
use model::{Timestamp, id::UserId, password::Password};

use super::Answer;
#[cfg(feature = "ssr")]
use super::{
    answer::keep_session,
    caller::{origin, service, signed_in},
};

/// A link that lets its bearer join: shown once.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InvitationLink {
    /// What to append to the console's own address.
    pub path: String,
    /// From when it is refused.
    pub ends_at: Timestamp,
}

/// What an invitation link shows before it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShownInvitation {
    /// The organization that invites.
    pub organization: String,
    /// The invited address.
    pub email: String,
    /// The invited person's name there.
    pub user_name: String,
    /// The organization that the person is signed in to with this very address, if they are: then a click joins. What others
    /// see is the same for every address, so that it tells nobody which have accounts here.
    pub signed_in_to: Option<String>,
    /// When the link ends, in words: a moment would bring its reader along to a page that should be there at once.
    pub ends_at: String,
}

/// What the link at hand is for.
#[cfg(feature = "ssr")]
pub(crate) async fn shown(
    service: &service::Service,
    parts: &http::request::Parts,
    token: &str,
) -> service::Result<ShownInvitation> {
    let Invitation { organization, email, user_name, expires_at } = service.invitation(token).await?;
    let me = super::caller::person(service, parts).await.ok();
    let me = me.filter(|me| me.email.folded() == email.folded());
    let signed_in_to = me.map(|me| me.organization.name);
    let (email, ends_at) = (email.to_string(), expires_at.to_text());
    Ok(ShownInvitation { organization, email, user_name, signed_in_to, ends_at })
}

/// Joins the console by a link, with a new password.
#[server(name = AcceptInvitation, prefix = "/console/api", endpoint = "invitation/accept")]
pub async fn accept_invitation(token: String, password: Password) -> Answer<()> {
    let service = service()?;
    let session = service.accept_invitation(&token, &password, &origin()).await?;
    keep_session(&session, service.now());
    leptos_axum::redirect("/keys");
    Ok(())
}

/// Joins one more organization by a link, with the account that the person is signed in with.
#[server(name = JoinInvitation, prefix = "/console/api", endpoint = "invitation/join")]
pub async fn join_invitation(token: String) -> Answer<()> {
    let (service, caller) = signed_in().await?;
    service.join_by_invitation(&caller, &token).await?;
    leptos_axum::redirect("/keys");
    Ok(())
}

/// Makes a link for a member. Links made for them before stop working.
#[server(name = CreateInvitation, prefix = "/console/api", endpoint = "invitation/create", input = Json)]
pub async fn create_invitation(user_id: UserId) -> Answer<InvitationLink> {
    let (service, caller) = signed_in().await?;
    let (token, ends_at) = service.create_invitation(&caller, &user_id).await?;
    Ok(InvitationLink { path: format!("/invitation?token={}", token.reveal()), ends_at })
}
