//! Joins the console by an invitation, or chooses a new password by it.

use model::audit::AuditAction;
use model::email::Email;
use model::field::FieldErrors;
use model::id::AccountId;
use model::password::Password;
use model::user::{User, UserStatus};
use store::one_time_tokens::{OneTimeToken, Purpose};
use store::{Connection, Tx};

use crate::actor::{Caller, RequestContext};
use crate::audit::{AuditTarget, Changes};
use crate::crypto::sha256;
use crate::error::{Error, Result};
use crate::not_found::NO_USER;
use crate::sessions::{SignedIn, is_member};
use crate::state::{Service, retry};

pub(super) const INVALID_LINK: &str =
    "This invitation is no longer valid. Ask an admin of the organization for a new one.";
const ANOTHER_ADDRESS: &str = "This invitation is for a different e-mail address than the one that you are signed in with. Sign out, and open the \
     invitation again.";

const NEW_PASSWORD_ONLY: &str = "This link is for choosing a new password. Open it again, and choose one.";

impl Service {
    /// Joins the console with a new password. This creates a provisional account for this organization alone, whatever
    /// other accounts the address has. If the member had joined already, they leave the account that they had, and
    /// their sessions in this organization end.
    pub async fn accept_invitation(
        &self,
        token: &str,
        password: &Password,
        context: &RequestContext,
    ) -> Result<SignedIn> {
        let email = self.invitation(token).await?.email;
        let mut errors = FieldErrors::default();
        errors.take("password", password.check());
        errors.or(Some(()))?;
        retry!(self.try_accept(token, &email, password, context).await)
    }

    async fn try_accept(
        &self,
        token: &str,
        email: &Email,
        password: &Password,
        context: &RequestContext,
    ) -> Result<SignedIn> {
        let hash = self.hash_for_address(email, password, context.subnet()).await?;
        let mut tx = self.store.begin().await?;
        let (link, user) = self.take_invitation(&mut tx, token).await?;
        let account_id = self.insert_account(&mut tx, &user.email, hash, false).await?;
        store::users::link_account(&mut tx, &user.user_id, &account_id).await?;
        if replaces_password(&link) {
            store::sessions::delete_of_user(&mut tx, &user.user_id).await?;
            store::accounts::delete_orphans(&mut tx, &user.email.folded()).await?;
        }
        let memberships = store::users::memberships(&mut tx, &account_id).await?;
        let membership = memberships
            .iter()
            .find(|membership| membership.user.user_id == user.user_id)
            .ok_or(Error::NotFound(NO_USER))?;
        let signed_in = self.begin_session(&mut tx, &account_id, membership, context).await?;
        self.record_link_use(&mut tx, &link, &user, &account_id, context).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Joins another organization with the account that the caller is signed in with, and switches the session to it.
    pub async fn join_by_invitation(&self, caller: &Caller, token: &str) -> Result<()> {
        retry!(self.try_join(caller, token).await)
    }

    async fn try_join(&self, caller: &Caller, token: &str) -> Result<()> {
        let (mut tx, caller) = self.begin_for(caller, is_member).await?;
        let member = self.member(&caller)?;
        let (link, user) = self.take_invitation(&mut tx, token).await?;
        if replaces_password(&link) {
            return Err(Error::Forbidden(NEW_PASSWORD_ONLY));
        }
        // The lock waits for a transaction that merges the account into another one of its address.
        store::accounts::lock_email(&mut tx, &user.email.folded()).await?;
        let account = store::accounts::find(&mut tx, &member.account_id).await?;
        if account.is_none_or(|account| account.email.folded() != user.email.folded()) {
            return Err(Error::Forbidden(ANOTHER_ADDRESS));
        }
        store::users::link_account(&mut tx, &user.user_id, &member.account_id).await?;
        store::sessions::set_user(&mut tx, &member.session_id, &user.user_id).await?;
        self.record_link_use(&mut tx, &link, &user, &member.account_id, &caller.context).await?;
        Ok(tx.commit().await?)
    }

    async fn take_invitation(&self, tx: &mut Tx, token: &str) -> Result<(OneTimeToken, User)> {
        let link = store::one_time_tokens::consume(tx, &sha256(token), Purpose::Invitation, self.clock.now())
            .await?;
        let link = link.ok_or(Error::NotFound(INVALID_LINK))?;
        let user = self.invited(tx, &link).await?;
        store::one_time_tokens::delete_of_user(tx, &user.user_id).await?;
        Ok((link, user))
    }

    /// Finds the member that a link invites, if they are active. A link that was created before they joined does not
    /// work any more.
    pub(super) async fn invited(&self, db: &mut impl Connection, link: &OneTimeToken) -> Result<User> {
        let user = match &link.user_id {
            Some(id) => store::users::find_anywhere(db, id).await?,
            None => None,
        };
        user.filter(|user| {
            user.status == UserStatus::Active && (replaces_password(link) || !user.can_sign_in)
        })
        .ok_or(Error::NotFound(INVALID_LINK))
    }

    /// Records what the use of a link did: the member joined, or chose a new password by an admin's link.
    async fn record_link_use(
        &self,
        tx: &mut Tx,
        link: &OneTimeToken,
        user: &User,
        account: &AccountId,
        context: &RequestContext,
    ) -> Result<()> {
        let caller = self.person(user, account, context)?;
        let (action, changes) = if replaces_password(link) {
            (AuditAction::PasswordChanged, Changes::default().added("link", "admin"))
        } else {
            (AuditAction::InvitationAccepted, Changes::default())
        };
        self.record(tx, &caller, action, AuditTarget::User(&user.user_id), changes).await
    }
}

/// Whether a link is for a member who had joined already, and has lost their password.
fn replaces_password(link: &OneTimeToken) -> bool {
    link.email_folded.is_some()
}
