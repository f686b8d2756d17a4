//! Finds out which accounts of an address a password belongs to.

use model::email::{Email, folded};
use model::id::AccountId;
use model::password::Password;
use store::Tx;
use store::accounts::Account;

use crate::actor::RequestContext;
use crate::error::{Error, Result};
use crate::sessions::WRONG_CREDENTIALS;
use crate::state::Service;

/// Number of characters after which an e-mail is cut off. No valid e-mail is longer.
const EMAIL_LENGTH_MAX: usize = 300;

/// An account, and the result of an attempt to sign in to it.
pub(super) struct Compared {
    pub(super) account: Account,
    /// Whether the account is open to sign-ins, that is, not closed after too many failures. Only then was the attempt
    /// counted.
    pub(super) is_open: bool,
    /// Whether the password is the account's.
    fits: bool,
}

impl Compared {
    pub(super) fn is_proven(&self) -> bool {
        self.is_open && self.fits
    }
}

impl Service {
    /// Returns the accounts of an address that have this password, at least one. It tries all accounts of the address,
    /// or the one account in `only`. Attempts are slowed down after failures, and an account is closed after too many
    /// in a row.
    ///
    /// The response does not reveal whether there is such an account, whether it is closed, or whether the password is
    /// right. Each attempt costs one comparison and one write, which run concurrently, and every refusal has the same
    /// message.
    pub(crate) async fn prove(
        &self,
        email: &str,
        only: Option<&AccountId>,
        password: &Password,
        context: &RequestContext,
    ) -> Result<Vec<Account>> {
        let email_folded = folded(&email.chars().take(EMAIL_LENGTH_MAX).collect::<String>());
        let client = context.subnet();
        self.sign_in_throttle.begin(&email_folded, client, &self.clock)?;
        let turn = self.passwords.turn(client).await;
        let turn = turn.inspect_err(|_| self.sign_in_throttle.undo_attempt(&email_folded, client))?;
        let mut accounts = match Email::existing(email) {
            Ok(_) => store::accounts::find_by_email(&mut self.store.read().await?, email).await?,
            Err(_) => Vec::new(),
        };
        accounts.retain(|account| only.is_none_or(|id| *id == account.account_id));
        let hashes = accounts.iter().map(|account| account.password_hash.clone()).collect();
        let (are_open, fits) = tokio::join!(
            self.count_attempt(&accounts, context),
            self.passwords.matching(turn, password, hashes)
        );
        let outcomes = accounts.into_iter().zip(are_open?).zip(fits?);
        let compared: Vec<_> =
            outcomes.map(|((account, is_open), fits)| Compared { account, is_open, fits }).collect();
        if !compared.iter().any(Compared::is_proven) {
            for Compared { account, .. } in &compared {
                self.failed_sign_ins.record(&account.account_id, context);
            }
            return Err(Error::Unauthorized(WRONG_CREDENTIALS));
        }
        // This happens even if other accounts of the address have another password. Remaining waits would reveal that
        // those accounts exist.
        self.sign_in_throttle.succeeded(&email_folded, client);
        self.settle_attempt(&compared).await?;
        Ok(compared.into_iter().filter(Compared::is_proven).map(|compared| compared.account).collect())
    }

    /// Merges the accounts that were just proven by one password. If there are several, the sessions of all of them
    /// end. Another person may have chosen the same password for their account of this address, and their open session
    /// must not gain the memberships of the other accounts.
    pub(crate) async fn merge_accounts(&self, tx: &mut Tx, proven: &[Account]) -> Result<AccountId> {
        let accounts = self.still_proven(tx, proven).await?;
        let (first, others) = accounts.split_first().ok_or(Error::Unauthorized(WRONG_CREDENTIALS))?;
        for other in others {
            store::accounts::merge(tx, &first.account_id, &other.account_id).await?;
            store::sessions::delete_others(tx, &first.account_id, None).await?;
        }
        Ok(first.account_id.clone())
    }

    /// Returns the accounts whose passwords have not changed since they were proven, or an error if there are none. The
    /// comparison is slow, and a person who changes a password meanwhile does so to keep others out. All accounts must
    /// have the same address. They cannot change until the transaction ends.
    pub(crate) async fn still_proven(&self, tx: &mut Tx, proven: &[Account]) -> Result<Vec<Account>> {
        let first = proven.first().ok_or(Error::Unauthorized(WRONG_CREDENTIALS))?;
        store::accounts::lock_email(tx, &first.email.folded()).await?;
        let mut accounts = store::accounts::find_by_email(tx, first.email.as_str()).await?;
        accounts.retain(|account| proven.contains(account));
        if accounts.is_empty() { Err(Error::Unauthorized(WRONG_CREDENTIALS)) } else { Ok(accounts) }
    }
}
