//! Opening a member's account that too many failed attempts to sign in have closed.

use model::audit::AuditAction;
use model::id::UserId;

use crate::actor::{Actor, Caller, Owner};
use crate::audit::{Changes, Subject};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Lets a member sign in again. Not oneself: whoever took over a session could guess at its password for ever.
    pub async fn allow_sign_in(&self, caller: &Caller, user: &UserId) -> Result<()> {
        policy::permit(caller, Action::ChangeUsers)?;
        retry!(self.try_allow_sign_in(caller, user).await)
    }

    async fn try_allow_sign_in(&self, caller: &Caller, user: &UserId) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let user = self.load_user(&mut tx, caller, Action::ChangeUsers, &Owner::Id(user.clone())).await?;
        let account = store::accounts::find_of_user(&mut tx, &user.user_id).await?;
        let account = account.ok_or(Error::Forbidden("The member cannot sign in yet. Invite them."))?;
        if matches!(&caller.actor, Actor::Member(member) if member.account_id == account.account_id) {
            return Err(Error::Forbidden("Only another admin can allow you to sign in again."));
        }
        self.clear_failures(&mut tx, &account).await?;
        let subject = Subject::User(&user.user_id);
        self.record(&mut tx, caller, AuditAction::SignInAllowed, subject, Changes::default()).await?;
        tx.commit().await?;
        Ok(())
    }
}
