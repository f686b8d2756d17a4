//! Changes a person's own password.

use model::audit::AuditAction;
use model::session::PasswordChangeDraft;
use store::accounts::Account;

use super::authenticate::is_member;
use super::{SIGNED_OUT, SignedIn};
use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::state::{Service, retry};

impl Service {
    /// Changes the caller's password. All their sessions end, and the caller gets a new one.
    pub async fn change_password(&self, caller: &Caller, draft: &PasswordChangeDraft) -> Result<SignedIn> {
        let member = self.member(caller)?;
        draft.check()?;
        let account = store::accounts::find(&mut self.store.read().await?, &member.account_id).await?;
        let email = account.as_ref().map(|account| account.email.to_string()).unwrap_or_default();
        let proven = self.prove(&email, Some(&member.account_id), &draft.current, &caller.context).await;
        let proven = proven.map_err(|error| match error {
            Error::Unauthorized(_) => PasswordChangeDraft::wrong_current().into(),
            other => other,
        })?;
        // The new hash keeps the present salt, which other accounts of the address may share.
        let like = account.map(|account| account.password_hash);
        let hash = self.passwords.hash_with_salt_of(&draft.new, like, caller.context.subnet()).await?;
        retry!(self.try_change_password(caller, &proven, &hash).await)
    }

    /// Checks the session and the proven password again. Otherwise a request with an ended session or an old password
    /// could overwrite a password that was changed meanwhile.
    pub(crate) async fn try_change_password(
        &self,
        caller: &Caller,
        proven: &[Account],
        hash: &str,
    ) -> Result<SignedIn> {
        let (mut tx, caller) = self.begin_for(caller, is_member).await?;
        let caller = &caller;
        let member = self.member(caller)?;
        let accounts = self.still_proven(&mut tx, proven).await?;
        let account = accounts.iter().find(|account| account.account_id == member.account_id);
        let account = account.ok_or(Error::Unauthorized(SIGNED_OUT))?;
        let memberships = store::users::memberships(&mut tx, &member.account_id).await?;
        let membership = memberships
            .iter()
            .find(|membership| membership.user.user_id == member.user_id)
            .ok_or(Error::Unauthorized(SIGNED_OUT))?;
        self.set_password(&mut tx, account, hash).await?;
        // Whoever has an earlier link of the operator could replace the new password without knowing it.
        store::one_time_tokens::delete_resets(&mut tx, account.email.as_str()).await?;
        store::sessions::delete_others(&mut tx, &member.account_id, None).await?;
        let target = AuditTarget::User(&member.user_id);
        self.record(&mut tx, caller, AuditAction::PasswordChanged, target, Changes::default()).await?;
        let signed_in = self.begin_session(&mut tx, &member.account_id, membership, &caller.context).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}
