//! Opens a member's account to sign-ins again, after too many failed attempts closed it.

use model::audit::AuditAction;
use model::email::Email;
use model::id::UserId;

use crate::actor::{Actor, Caller, Owner};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};
use crate::subnet::Subnet;

impl Service {
    /// Lets a member sign in again. Members cannot do this for themselves: an attacker who took over a session could
    /// guess at the account's password without limit.
    pub async fn allow_sign_in(&self, caller: &Caller, user: &UserId) -> Result<()> {
        retry!(self.try_allow_sign_in(caller, user).await)
    }

    async fn try_allow_sign_in(&self, caller: &Caller, user: &UserId) -> Result<()> {
        let may = |caller: &Caller| policy::permit(caller, Action::ChangeUsers);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let user = self.load_user(&mut tx, caller, Action::ChangeUsers, &Owner::Id(user.clone())).await?;
        let account = store::accounts::find_of_user(&mut tx, &user.user_id).await?;
        let account = account.ok_or(Error::Forbidden("The member cannot sign in yet. Invite them."))?;
        if matches!(&caller.actor, Actor::Member(member) if member.account_id == account.account_id) {
            return Err(Error::Forbidden("Only another admin can allow you to sign in again."));
        }
        self.reopen(&mut tx, &account).await?;
        let target = AuditTarget::User(&user.user_id);
        self.record(&mut tx, caller, AuditAction::SignInAllowed, target, Changes::default()).await?;
        Ok(tx.commit().await?)
    }

    /// Lets the owners of an address's accounts sign in again. For callers with access to the database, never for a
    /// request. The audit log of each of the accounts' organizations records it as the operator's action.
    pub async fn allow_sign_in_locally(&self, email: &Email) -> Result<()> {
        retry!(self.try_allow_sign_in_locally(email).await)
    }

    async fn try_allow_sign_in_locally(&self, email: &Email) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let accounts = store::accounts::find_by_email(&mut tx, email.as_str()).await?;
        if accounts.is_empty() {
            return Err(Error::NotFound("No account has this e-mail address."));
        }
        for account in &accounts {
            self.clear_failures(&mut tx, account, Subnet::UNKNOWN).await?;
            // Suspended members too: the record shows their admins what was done before the member is active again.
            for user in store::users::of_account(&mut tx, &account.account_id).await? {
                let caller = AuthorizedCaller::operator(user.organization_id);
                let target = AuditTarget::User(&user.user_id);
                self.record(&mut tx, &caller, AuditAction::SignInAllowed, target, Changes::default()).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
