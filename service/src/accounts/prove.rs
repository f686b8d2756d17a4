//! Which of an address's accounts a password belongs to.

use model::id::AccountId;
use model::password::Password;
use store::Tx;
use store::accounts::Account;

use crate::error::{Error, Result};
use crate::sessions::NOT_RIGHT;
use crate::state::Service;

impl Service {
    /// Those of an address's accounts that have this password, after as much work for none as for several.
    ///
    /// Failures are counted for each account by itself, and one that is slowed is left out. Otherwise somebody with an
    /// account of their own under another person's address could give it one guess after the other as its password, sign in
    /// with each, and never fail.
    pub(crate) async fn prove_each(
        &self,
        accounts: Vec<Account>,
        password: &Password,
        address: Option<&str>,
    ) -> Result<Vec<Account>> {
        let mut open = accounts;
        open.retain(|account| self.attempts.check(account.account_id.as_str(), address, &self.clock).is_ok());
        for account in &open {
            self.attempts.failed(account.account_id.as_str(), address, &self.clock);
        }
        let hashes = open.iter().map(|account| account.password_hash.clone()).collect();
        let fits = self.passwords.fitting(password, hashes).await?;
        let proven: Vec<_> =
            open.into_iter().zip(fits).filter_map(|(account, fits)| fits.then_some(account)).collect();
        for account in &proven {
            self.attempts.succeeded(account.account_id.as_str(), address);
        }
        Ok(proven)
    }

    /// Makes one account of those that somebody has just proven by one password, and ends the sessions of all of them: who
    /// gave an account another person's password by chance must not find that person's memberships in a session they have.
    /// A password that was changed meanwhile proves nothing any more.
    pub(crate) async fn unite(&self, tx: &mut Tx, proven: &[Account]) -> Result<AccountId> {
        let email = proven.first().map(|account| account.email.folded()).unwrap_or_default();
        store::accounts::lock_email(tx, &email).await?;
        let mut accounts = store::accounts::find_by_email(tx, &email).await?;
        accounts.retain(|account| proven.contains(account));
        let (first, others) = accounts.split_first().ok_or(Error::Unauthorized(NOT_RIGHT))?;
        for other in others {
            store::accounts::absorb(tx, &first.account_id, &other.account_id).await?;
            store::sessions::delete_others(tx, &first.account_id, None).await?;
        }
        Ok(first.account_id.clone())
    }
}
