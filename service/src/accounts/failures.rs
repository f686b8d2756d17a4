//! How many attempts to sign in to an account have failed in a row.
//!
//! The database keeps this number, with the account. It does not fade with time and survives a restart, so that nobody has
//! more than so many guesses at a password. A success, another admin, the operator and their link set it back.
//!
//! An address may have several accounts, and a password is compared with all of them. A success at one of them is no failure
//! of the others; otherwise a person with two passwords would close one account by signing in to the other. But somebody
//! with an account of their own under another person's address could give it one guess after the other as its password, and
//! sign in with each. So a password that one account is given counts as a guess at each of the others.

use store::Tx;
use store::accounts::Account;

use super::prove::Compared;
use crate::actor::Origin;
use crate::attempts::{FAILURES_MAX, REOPENINGS_MAX};
use crate::error::{Error, Result};
use crate::state::{Service, retry};
use crate::subnet::Subnet;

const TOO_OFTEN: &str = "The member was allowed to sign in again several times and has not signed in since. \
    Only the operator of the server can allow it now.";

impl Service {
    /// Counts an attempt before it is known whether the password is right, so that many at once are no more guesses. Says
    /// of each account whether it is open. Takes as long for no account.
    pub(super) async fn count_attempt(&self, accounts: &[Account], origin: &Origin) -> Result<Vec<bool>> {
        let are_open = retry!(self.try_count_attempt(accounts).await)?;
        for (account, is_open) in accounts.iter().zip(&are_open) {
            if !is_open {
                tracing::warn!(
                    account.id = account.account_id.as_str(),
                    request.id = origin.request_id,
                    "refused to sign somebody in: too many attempts have failed in a row; another admin or the operator can \
                     allow it again"
                );
            }
        }
        Ok(are_open)
    }

    async fn try_count_attempt(&self, accounts: &[Account]) -> Result<Vec<bool>> {
        let mut tx = self.store.begin().await?;
        let ids: Vec<_> = accounts.iter().map(|account| account.account_id.clone()).collect();
        let are_open = store::accounts::count_attempt(&mut tx, &ids, FAILURES_MAX).await?;
        tx.commit().await?;
        Ok(are_open)
    }

    /// Forgets the failures of the accounts that somebody proved to be theirs. For the other accounts of the address this
    /// attempt was no guess.
    pub(super) async fn settle_attempt(&self, compared: &[Compared]) -> Result<()> {
        retry!(self.try_settle_attempt(compared).await)
    }

    async fn try_settle_attempt(&self, compared: &[Compared]) -> Result<()> {
        let mut tx = self.store.begin().await?;
        for compared in compared {
            let id = &compared.account.account_id;
            if compared.is_proven() {
                store::accounts::forget_attempts(&mut tx, id).await?;
            } else if compared.is_open {
                store::accounts::take_back_attempt(&mut tx, id).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Gives an account a new password, as part of a transaction that holds the lock of its address.
    pub(crate) async fn set_password(
        &self,
        tx: &mut Tx,
        account: &Account,
        password_hash: &str,
    ) -> Result<()> {
        store::accounts::set_password(tx, &account.account_id, password_hash).await?;
        self.count_guess(tx, account).await
    }

    /// Counts the password that an account was given as a guess at the others of its address.
    pub(super) async fn count_guess(&self, tx: &mut Tx, account: &Account) -> Result<()> {
        let email = account.email.folded();
        Ok(store::accounts::count_guess(tx, &email, &account.account_id, FAILURES_MAX).await?)
    }

    /// Opens an account to sign-ins again for an admin. An account may reach other organizations, too: so that no admin of one
    /// of them can guess at its password for ever, this works only a few times until its owner has signed in.
    pub(crate) async fn reopen(&self, tx: &mut Tx, account: &Account) -> Result<()> {
        if !store::accounts::reopen(tx, &account.account_id, REOPENINGS_MAX).await? {
            return Err(Error::Forbidden(TOO_OFTEN));
        }
        self.attempts.forget(&account.email.folded(), Subnet::UNKNOWN);
        Ok(())
    }

    /// Opens an account to sign-ins again, as part of what its owner proves by a link, or the operator does. Says whether any
    /// attempt had failed. The waits of other networks than the client's pass within 15 minutes.
    pub(crate) async fn clear_failures(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: Subnet,
    ) -> Result<bool> {
        self.attempts.forget(&account.email.folded(), client);
        Ok(store::accounts::forget_attempts(tx, &account.account_id).await?)
    }
}
