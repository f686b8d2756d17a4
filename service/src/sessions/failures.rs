//! How many attempts to sign in to an account have failed in a row.
//!
//! The database keeps this number, with the account. It does not fade with time and survives a restart, so that nobody has
//! more than so many guesses at a password. A success, another admin and the operator set it back.

use store::Tx;
use store::accounts::Account;

use crate::actor::Origin;
use crate::attempts::FAILURES_MAX;
use crate::error::Result;
use crate::state::{Service, retry};

impl Service {
    /// Counts an attempt before it is known whether the password is right, so that many at once are no more guesses. Says
    /// whether the account is there and open. Takes as long for all others.
    pub(super) async fn count_attempt(&self, account: Option<&Account>, origin: &Origin) -> Result<bool> {
        let is_open = retry!(self.try_count_attempt(account).await)?;
        if let (Some(account), false) = (account, is_open) {
            tracing::warn!(
                account.id = account.account_id.as_str(),
                request.id = origin.request_id,
                "refused to sign somebody in: too many attempts have failed in a row; another admin or the operator can \
                 allow it again"
            );
        }
        Ok(is_open)
    }

    async fn try_count_attempt(&self, account: Option<&Account>) -> Result<bool> {
        let mut tx = self.store.begin().await?;
        let id = account.map(|account| &account.account_id);
        let is_open = store::accounts::count_attempt(&mut tx, id, FAILURES_MAX).await?;
        tx.commit().await?;
        Ok(is_open)
    }

    /// Forgets the failures of somebody who proved who they are.
    pub(super) async fn forget_attempts(&self, account: &Account) -> Result<()> {
        retry!(self.try_forget_attempts(account).await)
    }

    async fn try_forget_attempts(&self, account: &Account) -> Result<()> {
        let mut tx = self.store.begin().await?;
        self.clear_failures(&mut tx, account).await?;
        Ok(tx.commit().await?)
    }

    /// Opens an account to sign-ins again, as part of what another admin or the operator does; says whether any attempt had
    /// failed. Waits that a network has brought upon itself pass within 15 minutes.
    pub(crate) async fn clear_failures(&self, tx: &mut Tx, account: &Account) -> Result<bool> {
        self.attempts.forget(&account.email.folded());
        Ok(store::accounts::forget_attempts(tx, &account.account_id).await?)
    }
}
