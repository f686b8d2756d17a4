//! Counts the consecutive failed sign-ins of each account. The count is stored with the account and neither time nor a
//! restart lowers it, so the number of guesses at a password is bounded. A successful sign-in, another admin, the
//! operator or the operator's one-time link resets it.
//!
//! A password is compared with all accounts of its address, and an attempt that matches one account is not a failure of
//! the others: otherwise a person with two passwords would close one account by signing in to the other. In return, a
//! password that is set on one account counts as a guess at the others. Otherwise the owner of one account could test
//! any number of guesses, by setting each as their own password and signing in with it.

use store::Tx;
use store::accounts::Account;

use super::prove::Compared;
use crate::actor::RequestContext;
use crate::error::{Error, Result};
use crate::sign_in_throttle::{FAILURES_MAX, REOPENINGS_MAX};
use crate::state::{Service, retry};
use crate::subnet::Subnet;

const TOO_MANY_FAILURES: &str = "Sign-in was allowed several times, and the member has not signed in since. Now only the \
                                 operator of the server can allow it.";

impl Service {
    /// Counts an attempt before it is known whether the password is right, so that parallel attempts are no extra
    /// guesses. Returns for each account whether it is open to sign-ins. An address without accounts takes the same
    /// time.
    pub(super) async fn count_attempt(
        &self,
        accounts: &[Account],
        context: &RequestContext,
    ) -> Result<Vec<bool>> {
        let are_open = retry!(self.try_count_attempt(accounts).await)?;
        for (account, is_open) in accounts.iter().zip(&are_open) {
            if !is_open {
                tracing::warn!(
                    account.id = account.account_id.as_str(),
                    request.id = context.request_id,
                    "refused a sign-in after too many failed attempts in a row; another admin or the operator can allow it \
                     again"
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

    /// Clears the failures of the accounts whose password matched. For the other accounts of the address, the attempt
    /// is no longer counted, because it was not a guess at them.
    pub(super) async fn settle_attempt(&self, compared: &[Compared]) -> Result<()> {
        retry!(self.try_settle_attempt(compared).await)
    }

    async fn try_settle_attempt(&self, compared: &[Compared]) -> Result<()> {
        let mut tx = self.store.begin().await?;
        for compared in compared {
            let id = &compared.account.account_id;
            if compared.is_proven() {
                store::accounts::clear_attempts(&mut tx, id).await?;
            } else if compared.is_open {
                store::accounts::undo_attempt(&mut tx, id).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Sets the password of an account. The transaction must hold the lock of the account's address. Links by which
    /// others let the owner choose a password end now, because the owner does not need them.
    pub(crate) async fn set_password(
        &self,
        tx: &mut Tx,
        account: &Account,
        password_hash: &str,
    ) -> Result<()> {
        store::accounts::set_password(tx, &account.account_id, password_hash).await?;
        store::one_time_tokens::delete_of_account(tx, &account.account_id).await?;
        self.count_guess(tx, account).await
    }

    /// Counts the password that an account was given as a guess at the other accounts of its address.
    pub(super) async fn count_guess(&self, tx: &mut Tx, account: &Account) -> Result<()> {
        let email = account.email.as_str();
        Ok(store::accounts::count_guess(tx, email, &account.account_id, FAILURES_MAX).await?)
    }

    /// Opens an account to sign-ins again, on behalf of an admin. This works at most [`REOPENINGS_MAX`] times until the
    /// owner signs in. An account can belong to several organizations, and otherwise an admin of one of them could
    /// guess at its password without limit.
    pub(crate) async fn reopen(&self, tx: &mut Tx, account: &Account) -> Result<()> {
        if !store::accounts::reopen(tx, &account.account_id, REOPENINGS_MAX).await? {
            return Err(Error::Forbidden(TOO_MANY_FAILURES));
        }
        self.sign_in_throttle.forget(&account.email.folded(), Subnet::UNKNOWN);
        Ok(())
    }

    /// Opens an account to sign-ins again, on behalf of the operator or of an owner who used a one-time link. Returns
    /// whether there was anything to clear. Of the waits per network, only that of `client` ends; the others last 15
    /// minutes at most.
    pub(crate) async fn clear_failures(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: Subnet,
    ) -> Result<bool> {
        self.sign_in_throttle.forget(&account.email.folded(), client);
        Ok(store::accounts::clear_attempts(tx, &account.account_id).await?)
    }
}
