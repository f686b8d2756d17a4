//! Links by which members join the console.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{Timestamp, id::UserId, password::Password, session::Invitation};

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

/// What the link at hand is for.
#[server(name = ShowInvitation, prefix = "/console/api", endpoint = "invitation/show", input = Json)]
pub async fn show_invitation(token: String) -> Answer<Invitation> {
    let service = service()?;
    Ok(service.invitation(&token).await?)
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
