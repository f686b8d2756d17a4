//! Invites a member to the console, by a one-time link that the admin hands over.
//!
//! Each membership needs a link of its own organization. The page of the link is the same for every address, so that it
//! does not reveal which addresses have accounts.
//!
//! A member who can sign in already gets such a link if they have lost their password. It does not touch the account
//! that they have, to which other organizations may belong. Its use creates a new account, for this organization
//! alone (docs/internals/decisions/017).

use model::Timestamp;
use model::audit::AuditAction;
use model::id::UserId;
use model::session::Invitation;
use model::user::{User, UserStatus};
use store::Tx;
use store::one_time_tokens::{OneTimeToken, Purpose};

use super::join::INVALID_LINK;
use crate::actor::{Actor, Caller, Owner};
use crate::audit::{AuditTarget, Changes};
use crate::crypto::{PlainToken, sha256};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

/// How long an invitation is valid: 7 days.
const LINK_SECONDS: i64 = 7 * 86_400;
/// How long an invitation of a member who can sign in already is valid: a day. Until it is used, anyone who has it can
/// take the member's place, so it is shorter.
const NEW_PASSWORD_SECONDS: i64 = 86_400;
const OWN_LINK: &str = "Only another admin can create a link for you. If you know your password, you can change it on \
                        the page Account.";

impl Service {
    /// Creates a link by which a member can join the console, or choose a new password if they have joined already.
    /// Returns its token and its end. Earlier links of the member end now.
    pub async fn create_invitation(&self, caller: &Caller, user: &UserId) -> Result<(PlainToken, Timestamp)> {
        retry!(self.try_create_invitation(caller, user).await)
    }

    async fn try_create_invitation(&self, caller: &Caller, user: &UserId) -> Result<(PlainToken, Timestamp)> {
        let may = |caller: &Caller| policy::permit(caller, Action::ChangeUsers);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        // A suspension, or another link, at the same moment would not see this link, and would not end it.
        store::organizations::lock(&mut tx, caller.organization()).await?;
        let user = self.load_user(&mut tx, caller, Action::ChangeUsers, &Owner::Id(user.clone())).await?;
        if user.status != UserStatus::Active {
            return Err(Error::Forbidden("The member is not active. Activate them first."));
        }
        // Someone who took over a session could replace the password without knowing it.
        if matches!(&caller.actor, Actor::Member(member) if member.user_id == user.user_id) {
            return Err(Error::Forbidden(OWN_LINK));
        }
        let created = self.insert_invitation(&mut tx, caller, &user).await?;
        tx.commit().await?;
        Ok(created)
    }

    /// Writes an invitation and its audit record. Earlier links of the member end.
    pub(super) async fn insert_invitation(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        user: &User,
    ) -> Result<(PlainToken, Timestamp)> {
        let (seconds, action) = if user.can_sign_in {
            (NEW_PASSWORD_SECONDS, AuditAction::PasswordResetCreated)
        } else {
            (LINK_SECONDS, AuditAction::InvitationCreated)
        };
        let now = self.clock.now();
        let token = PlainToken::new(self.entropy.token()?);
        let expires_at = now.plus_seconds(seconds);
        let link = OneTimeToken {
            purpose: Purpose::Invitation,
            user_id: Some(user.user_id.clone()),
            email_folded: user.can_sign_in.then(|| user.email.folded()),
            created_at: now,
            expires_at,
        };
        store::one_time_tokens::delete_of_user(tx, &user.user_id).await?;
        store::one_time_tokens::insert(tx, &link, &token.hash()).await?;
        self.record(tx, caller, action, AuditTarget::User(&user.user_id), Changes::default()).await?;
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
            has_joined: link.email_folded.is_some(),
            expires_at: link.expires_at,
        })
    }
}
