//! Invites a member to the console, by a one-time link that the admin hands over.
//!
//! Each membership needs a link of its own organization. The page of the link is the same for every address, so that it
//! does not reveal which addresses have accounts.

use model::Timestamp;
use model::audit::AuditAction;
use model::id::UserId;
use model::session::Invitation;
use model::user::UserStatus;
use store::one_time_tokens::{OneTimeToken, Purpose};

use super::join::INVALID_LINK;
use crate::actor::{Caller, Owner};
use crate::audit::{AuditTarget, Changes};
use crate::crypto::{PlainToken, sha256};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

/// How long an invitation is valid: 7 days.
const LINK_SECONDS: i64 = 7 * 86_400;

impl Service {
    /// Creates a link by which a member can join the console. Returns its token and its end. Earlier links of the
    /// member end now.
    pub async fn create_invitation(&self, caller: &Caller, user: &UserId) -> Result<(PlainToken, Timestamp)> {
        retry!(self.try_create_invitation(caller, user).await)
    }

    async fn try_create_invitation(&self, caller: &Caller, user: &UserId) -> Result<(PlainToken, Timestamp)> {
        let may = |caller: &Caller| policy::permit(caller, Action::ChangeUsers);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let user = self.load_user(&mut tx, caller, Action::ChangeUsers, &Owner::Id(user.clone())).await?;
        if user.status != UserStatus::Active {
            return Err(Error::Forbidden("The member is not active. Activate them first."));
        }
        if user.can_sign_in {
            return Err(Error::Forbidden("The member can already sign in."));
        }
        let now = self.clock.now();
        let token = PlainToken::new(self.entropy.token()?);
        let expires_at = now.plus_seconds(LINK_SECONDS);
        let link = OneTimeToken {
            purpose: Purpose::Invitation,
            user_id: Some(user.user_id.clone()),
            email_folded: None,
            created_at: now,
            expires_at,
        };
        store::one_time_tokens::delete_of_user(&mut tx, &user.user_id).await?;
        store::one_time_tokens::insert(&mut tx, &link, &token.hash()).await?;
        let target = AuditTarget::User(&user.user_id);
        self.record(&mut tx, caller, AuditAction::InvitationCreated, target, Changes::default()).await?;
        tx.commit().await?;
        Ok((token, expires_at))
    }

    /// Finds the invitation of a token, for the page that shows it.
    pub async fn invitation(&self, token: &str) -> Result<Invitation> {
        let mut db = self.store.read().await?;
        let link =
            store::one_time_tokens::find(&mut db, &sha256(token), Purpose::Invitation, self.clock.now())
                .await?;
        let link = link.ok_or(Error::NotFound(INVALID_LINK))?;
        let user = self.invited(&mut db, &link).await?;
        let organization = store::organizations::find(&mut db, &user.organization_id).await?;
        Ok(Invitation {
            organization: organization.map(|organization| organization.name).unwrap_or_default(),
            email: user.email,
            user_name: user.user_name,
            expires_at: link.expires_at,
        })
    }
}
