//! A person's own password.

use model::audit::AuditAction;
use model::field::Rule;
use model::session::PasswordChangeDraft;

use super::SignedIn;
use crate::actor::Caller;
use crate::audit::{Changes, Subject};
use crate::error::{Error, Result};
use crate::state::Service;

impl Service {
    /// Replaces the caller's password. All their sessions end; a new one takes the place of the caller's.
    pub async fn change_password(&self, caller: &Caller, draft: &PasswordChangeDraft) -> Result<SignedIn> {
        let member = self.member(caller)?;
        draft.check()?;
        let account = store::accounts::find(&mut self.store.read().await?, &member.account_id).await?;
        let email = account.as_ref().map(|account| account.email.to_string()).unwrap_or_default();
        match self.prove(&email, Some(&member.account_id), &draft.current, &caller.origin).await {
            Err(Error::Unauthorized(_)) => {
                return Err(Error::field("current", Rule::ValueError, "This is not your current password."));
            }
            other => other?,
        };
        // With the salt so far, which other accounts of the address may share.
        let hash = self.passwords.hash_like(&draft.new, account.map(|account| account.password_hash)).await?;
        let mut tx = self.store.begin().await?;
        let memberships = store::users::memberships(&mut tx, &member.account_id).await?;
        let membership = memberships
            .iter()
            .find(|membership| membership.user.user_id == member.user_id)
            .ok_or(Error::Unauthorized("You are signed out. Sign in to go on."))?;
        store::accounts::set_password(&mut tx, &member.account_id, &hash).await?;
        store::sessions::delete_others(&mut tx, &member.account_id, None).await?;
        let subject = Subject::User(&member.user_id);
        self.record(&mut tx, caller, AuditAction::PasswordChanged, subject, Changes::default()).await?;
        let signed_in = self.begin_session(&mut tx, &member.account_id, membership, &caller.origin).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}
