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
    /// Whether the person has a password on this server already, and must prove it rather than choose one.
    pub has_account: bool,
    /// When the link ends, in words: a moment would bring its reader along to a page that should be there at once.
    pub ends_at: String,
}

/// What the link at hand is for.
#[cfg(feature = "ssr")]
pub(crate) async fn shown(service: &service::Service, token: &str) -> service::Result<ShownInvitation> {
    let Invitation { organization, email, user_name, has_account, expires_at } =
        service.invitation(token).await?;
    let (email, ends_at) = (email.to_string(), expires_at.to_text());
    Ok(ShownInvitation { organization, email, user_name, has_account, ends_at })
}

/// Joins the console by a link, with a new password, or the person's own where they have one already.
#[server(name = AcceptInvitation, prefix = "/console/api", endpoint = "invitation/accept")]
pub async fn accept_invitation(token: String, password: Password) -> Answer<()> {
    let service = service()?;
    let session = service.accept_invitation(&token, &password, &origin()).await?;
    keep_session(&session, service.now());
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
